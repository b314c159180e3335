// Times franz-go's cooperative sticky balancer for a group in a file, warmed up, and prints one line of JSON: the balancer
// alone, and all that a leader does, from the bytes of JoinGroup to those of SyncGroup.
// Arguments: file, rounds, milliseconds for warming up, milliseconds for measuring.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

type result struct {
	WallMs   []float64 `json:"wallMs"`
	CPUMs    []float64 `json:"cpuMs"`
	LeaderMs []float64 `json:"leaderMs"`
	Squares  int64     `json:"squares"`
}

// What is shorter than this is done several times in a round: a clock that is read costs time as well.
const roundMillis = 2

func main() {
	topics, members := read(os.Args[1])
	rounds, warmUp, measure := number(os.Args[2]), number(os.Args[3]), number(os.Args[4])
	balancer, _, err := kgo.CooperativeStickyBalancer().MemberBalancer(members)
	check(err)
	plan := func(balancer kgo.GroupMemberBalancer) kgo.IntoSyncAssignment {
		plan, err := balancer.(kgo.GroupMemberBalancerOrError).BalanceOrError(topics)
		check(err)
		return plan
	}
	var r result
	r.WallMs, r.CPUMs = timed(func() { plan(balancer) }, rounds, warmUp, measure)
	// What takes that long is warm by now.
	if slices.Max(r.WallMs) > float64(warmUp) {
		rounds, warmUp = 1, 0
	}
	r.LeaderMs, _ = timed(func() {
		balancer, _, err := kgo.CooperativeStickyBalancer().MemberBalancer(members)
		check(err)
		plan(balancer).IntoSyncAssignment()
	}, rounds, warmUp, measure)
	r.Squares = squares(plan(balancer))
	answer, err := json.Marshal(r)
	check(err)
	fmt.Println(string(answer))
}

// At least one round, at most as many as asked for, and none after the time is up.
func timed(work func(), rounds, warmUp, measure int) (wall, cpuTime []float64) {
	warmedUp := 0
	warm := time.Now().Add(time.Duration(warmUp) * time.Millisecond)
	for ; warmUp > 0 && (warmedUp == 0 || time.Now().Before(warm)); warmedUp++ {
		work()
	}
	times := max(1, warmedUp*roundMillis/max(1, warmUp))
	end := time.Now().Add(time.Duration(measure) * time.Millisecond)
	for round := 0; round == 0 || (round < rounds && time.Now().Before(end)); round++ {
		cpuBefore := cpu()
		before := time.Now()
		for i := 0; i < times; i++ {
			work()
		}
		wall = append(wall, float64(time.Since(before).Nanoseconds())/1e6/float64(times))
		cpuTime = append(cpuTime, (cpu()-cpuBefore)/float64(times))
	}
	return wall, cpuTime
}

func squares(plan kgo.IntoSyncAssignment) int64 {
	var sum int64
	for _, member := range plan.IntoSyncAssignment() {
		var assignment kmsg.ConsumerMemberAssignment
		check(assignment.ReadFrom(member.MemberAssignment))
		var load int64
		for _, topic := range assignment.Topics {
			load += int64(len(topic.Partitions))
		}
		sum += load * load
	}
	return sum
}

func cpu() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

func read(path string) (map[string]int32, []kmsg.JoinGroupResponseMember) {
	file, err := os.Open(path)
	check(err)
	defer file.Close()
	in := bufio.NewScanner(file)
	in.Buffer(nil, 1<<28)
	in.Scan()
	topics := make(map[string]int32)
	var topicOf, partitionOf []int32
	for t, count := range strings.Fields(in.Text()) {
		topics[name(t)] = int32(number(count))
		for p := 0; p < number(count); p++ {
			topicOf = append(topicOf, int32(t))
			partitionOf = append(partitionOf, int32(p))
		}
	}
	var members []kmsg.JoinGroupResponseMember
	for in.Scan() {
		fields := strings.Split(in.Text(), "|")
		meta := kmsg.NewConsumerMemberMetadata()
		meta.Version = 2
		meta.Generation = -1
		for _, t := range strings.Fields(fields[1]) {
			meta.Topics = append(meta.Topics, name(number(t)))
		}
		last := int32(-1)
		for _, p := range strings.Fields(fields[2]) {
			meta.Generation = 1
			if t := topicOf[number(p)]; t != last {
				owned := kmsg.NewConsumerMemberMetadataOwnedPartition()
				owned.Topic = name(int(t))
				meta.OwnedPartitions = append(meta.OwnedPartitions, owned)
				last = t
			}
			owned := &meta.OwnedPartitions[len(meta.OwnedPartitions)-1]
			owned.Partitions = append(owned.Partitions, partitionOf[number(p)])
		}
		member := kmsg.NewJoinGroupResponseMember()
		member.MemberID = fields[0]
		member.ProtocolMetadata = meta.AppendTo(nil)
		members = append(members, member)
	}
	check(in.Err())
	return topics, members
}

func name(topic int) string { return fmt.Sprintf("topic-%04d", topic) }

func number(text string) int {
	n, err := strconv.Atoi(text)
	check(err)
	return n
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
