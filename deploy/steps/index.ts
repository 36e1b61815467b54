import type { Step } from "../lib/step";

/** The whole deployment. The runner puts the steps in order by what they need. */
export const steps: Step[] = [];
