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
  /** Shows only where two faults come together. */
  needsTwoFaults?: true;
}
