/** What is wrong in a model with a planted bug. Each is found by at least one invariant. */
export type Bug =
  | "put opens nothing"
  | "claim ignores the lease"
  | "claim asks for the token alone, not for the lease"
  | "claim asks for the token alone, not for the status"
  | "claim takes FAILED"
  | "claim ignores maxAttempts"
  | "claim counts at release"
  | "complete ignores the token"
  | "complete compares the attempt alone"
  | "release ignores the token"
  | "release writes no backoff"
  | "stamp before publish"
  | "stamp ignores the life"
  | "end leaves the index"
  | "reconciler moves what is not open"
  | "no reconciler"
  | "redrive keeps the life"
  | "redrive keeps tries"
  | "dead letter fails the order"
  | "no giving up"
  | "undo without a claim"
  | "undo ignores the lease"
  | "undo after FAILED"
  | "undo without a bound"
  | "undo after one attempt too few"
  | "undo that threw counts as returned"
  | "giving up keeps attempt"
  | "giving up keeps tries"
  | "giving up ignores a step kept meanwhile"
  | "fail ignores the token"
  | "fail without undo after one try"
  | "fail without undo ignores a step kept meanwhile"
  | StepBug
  | CancelBug
  | Variant;

export type StepBug =
  | "keep ignores the token"
  | "keep does not look whether it is kept already"
  | "keep does not reset tries"
  | "claim goes on from the entries that it saw"
  | "claim counts from the tries that it saw"
  | "undo step does not reset undoTries"
  | "wait writes no lease"
  | "rejection runs the undo without writing ending first"
  | "rejection ends the order without its undo"
  | "turn keeps the attempt"
  | "undoTries is reset at each claim"
  | "redrive keeps kept steps"
  | "redrive keeps ending"
  | "redrive keeps undoTries"
  | "redrive keeps steps of the undo";

export type CancelBug =
  | "complete ignores cancelRequestedAt"
  | "wait ignores cancelRequestedAt"
  | "release ignores cancelRequestedAt"
  | "claim ignores cancelRequestedAt"
  | "decision ignores cancelRequestedAt"
  | "work goes on after a keep that saw a cancellation"
  | "end after undo ignores cancelRequestedAt"
  | "end without undo ignores cancelRequestedAt"
  | "cancel ends what was claimed and kept nothing"
  | "cancel frees an order that is worked on"
  | "cancel leaves a wait or backoff"
  | "cancel takes what has ended";

/** What could be left out: no run tells it from the design. */
export type Variant =
  "complete asks for the token, not for the status" | "cancel asks for no token";
