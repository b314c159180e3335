/** Reading typed arrays whose indexes the engine computes itself: nothing from outside is ever an index here. */

export function at(array: Int32Array, index: number): number {
  return array[index] as number;
}
