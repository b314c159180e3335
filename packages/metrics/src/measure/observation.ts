/** The shape of the tables that say what each event adds to which metric. */
import type { EventName, EventOf, KohortEvent } from '@kohort/core/spi';
import type { Scope } from './scope.ts';

export type Observations = { readonly [Name in EventName]?: (scope: Scope, event: EventOf<Name>) => void };

/** An entry of such a table, looked up by the type of the event that it is given. */
export type Observation = (scope: Scope, event: KohortEvent) => void;
