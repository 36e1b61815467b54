import { expect } from "chai";
import { planRewards, type RewardsState } from "../../../scripts/keeper/rewards";
import type { Claim } from "../../../scripts/rewards/distribution";

const NOW = 1_000_000n;
const proof = {} as Claim; // a plan only passes it on
const LOT = { token: "token", atFloor: 5n, nextFrom: NOW };
const quiet: RewardsState = { claims: [], held: [], lots: [], minLot: 5n, closedUntil: 0n, strayClaimers: [] };
const planOf = (changes: Partial<RewardsState>) => planRewards({ ...quiet, ...changes }, NOW);

describe("keeper: rewards", () => {
  it("has nothing to do when nothing was earned", () => {
    expect(planOf({ held: [{ token: "asset", units: 10n ** 15n - 1n }], wrongRoot: 3n })).to.deep.equal([]);
  });

  it("claims token by token what our stakers have earned", () => {
    const claims = ["a", "b"].map((token) => ({ earner: "staker", token, proof }));
    expect(planOf({ claims })).to.deep.equal([
      { crank: "claimRewards", earner: "staker", token: "a", proof },
      { crank: "claimRewards", earner: "staker", token: "b", proof },
    ]);
  });

  it("makes the router the claimer again before it claims", () => {
    const claims = [{ earner: "staker", token: "a", proof }];
    expect(planOf({ claims, strayClaimers: ["staker"] }).map(({ crank }) => crank)).to.deep.equal([
      "setClaimer",
      "claimRewards",
    ]);
  });

  it("delivers accepted assets, also those that it claims just now", () => {
    const held = [{ token: "asset", units: 10n ** 15n }];
    expect(planOf({ held })).to.deep.equal([{ crank: "deliver", token: "asset" }]);
    const claims = [{ earner: "staker", token: "asset", proof }];
    expect(planOf({ claims, held: [{ token: "asset", units: 0n }] })[1]).to.deep.equal({
      crank: "deliver",
      token: "asset",
    });
  });

  it("starts a lot when there is enough at the floor, its time has come and auctions are open", () => {
    expect(planOf({ lots: [LOT] })).to.deep.equal([{ crank: "startLot", token: "token" }]);
    expect(planOf({ lots: [{ ...LOT, atFloor: 4n }] })).to.deep.equal([]);
    expect(planOf({ lots: [{ ...LOT, nextFrom: NOW + 1n }] })).to.deep.equal([]);
    expect(planOf({ lots: [LOT], closedUntil: NOW + 1n })).to.deep.equal([]);
    const claims = [{ earner: "staker", token: "token", proof }];
    expect(planOf({ claims, lots: [{ ...LOT, atFloor: 0n }] })[1]).to.deep.equal({ crank: "startLot", token: "token" });
  });
});
