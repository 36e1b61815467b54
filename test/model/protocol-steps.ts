/** What one call moved, read from its logs. */
import type { Result } from "ethers";
import { byAsset } from "./protocol-state";
import type { Asset, Landing, Moved, Staked, Step } from "./protocol-types";

export const nothing = (): Moved => ({
  taken: byAsset(() => 0n),
  put: byAsset(() => 0n),
  sent: [],
  steps: [],
  credits: [],
});

export class Steps {
  readonly moved = nothing();
  /** Arrivals of a step whose own event comes after them. */
  private landed: Landing[] = [];
  private nonce = "";

  constructor(private readonly nameOf: (asset: unknown) => Asset) {}

  add(event: string, args: Result): void {
    const { taken, put, sent, steps, credits } = this.moved;
    const last = steps[steps.length - 1];
    const units = args.toObject().units as bigint;
    switch (event) {
      case "IdleTaken":
        taken[this.nameOf(args.asset)] += units;
        return;
      case "IdlePut":
        put[this.nameOf(args.asset)] += units;
        return;
      case "BatchFilled":
        sent.push(units);
        return;
      case "Credited":
        credits.push({ strike: Number(args.strike), asset: this.nameOf(args.asset), units });
        return;
      case "Arrived": {
        const asset = this.nameOf(args.asset);
        const landing = { asset, from: Number(args.from), to: Number(args.to), units };
        // An issuer's payment is told of first; what a withdrawal or a stake brings, last.
        (last?.is === "paid" ? last.landed : this.landed).push(landing);
        return;
      }
      case "WithdrawalNoted":
        this.nonce = String(args.nonce);
        return;
      case "Restaked":
        return this.push({ is: "restaked", ...this.place(args), landed: [] });
      case "Unbonded":
        return this.push({ is: "unbonded", ...this.place(args), nonce: this.nonce, landed: [] });
      case "Completed": {
        return this.push({ is: "completed", ...this.place(args), units, nonce: String(args.nonce), landed: [] });
      }
      case "RedemptionRequested":
        return this.push({ is: "asked", request: String(args.requestId), landed: [] });
      case "RedemptionClaimed":
        return this.push({
          is: "paid",
          request: String(args.requestId),
          units: args.etherAmount as bigint,
          landed: [],
        });
    }
  }

  private place(args: Result): { operator: number; asset: Staked } {
    return { operator: Number(args.operatorId), asset: this.nameOf(args.asset) as Staked };
  }

  private push(step: Step): void {
    this.moved.steps.push({ ...step, landed: this.landed });
    this.landed = [];
  }
}
