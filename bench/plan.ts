/** How long and where the bench runs. */
export interface BenchPlan {
  readonly rounds: number;
  /** 1 for full length; less for a quick look. */
  readonly scale: number;
  /** Temporary folder for databases; removed at the end. */
  readonly folder: string;
  readonly progress: (line: string) => void;
}
