/** A line of a handler made wrong, to see that the simulation notices. */
export interface PlantedBug {
  /** What it breaks. */
  name: string;
  /** Below handlers/. */
  file: string;
  /** Where the line stands more than once: the first one after this text. */
  after?: string;
  line: string;
  becomes: string;
  /** Where few seeds find it, or the first one is slow, one that does: the test begins there, as long as it does. */
  seed?: number;
  /** Shows only where two faults come together. */
  needsTwoFaults?: true;
}
