/** `count` says what was done and how often; a drill that passed has no problems. */
export type Drilled = { count: string; problems: string[] };

export type Drill = {
  name: string;
  /** the number of kills, cases, histories or faults */
  strikes: number;
  strikesPlanted: number;
  /** the defects that can be planted; the drill must detect each */
  defects: readonly string[];
  /**
   * whether it mostly waits for processes or time; the others keep a core busy, so one of each kind runs in parallel
   */
  waits?: true;
  run: (strikes: number, seed: number, defect?: string) => Promise<Drilled> | Drilled;
};
