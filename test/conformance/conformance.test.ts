import { expect } from "chai";
import { basename, join } from "node:path";
import { hardhatChain } from "./chain";
import { findRecordings, readRecording, type Recording, type Step } from "./recording";
import { isInScope, replay, worlds } from "./replay";

const RECORDINGS = findRecordings([join(__dirname, "traces")]);
const ONE = RECORDINGS[0];
const SHIFT = 37;

describe("the engine, replaying recordings of the real contracts", () => {
  const chain = hardhatChain();
  const from = worlds(chain, 0);
  let untouched: string;

  before(async () => {
    untouched = await chain.snapshot();
  });
  after(async () => {
    await chain.revert(untouched); // other tests find the chain as it was
  });

  for (const file of RECORDINGS) {
    const recording = readRecording(file);
    if (!isInScope(recording)) continue;
    it(`answers ${basename(file)} without a difference`, async () => {
      const { compared, differences } = await replay(chain, from, recording);
      expect(differences).to.deep.equal([]);
      expect(compared).to.equal(recording.steps.length);
    });
  }

  it("answers alike at another height, on another day and at other addresses", async () => {
    const { differences } = await replay(chain, worlds(chain, SHIFT), readRecording(ONE));
    expect(differences).to.deep.equal([]);
  });

  describe("with one value of a recording altered", () => {
    it("finds an altered view", async () => {
      const recording = readRecording(ONE);
      const { changed } = findStep(recording, (step) => step.changed?.["totalShares/A"] !== undefined);
      Object.assign(changed ?? {}, { "totalShares/A": "1" });
      await expectDifference(recording, "view totalShares/A");
    });

    it("finds an altered amount in an event", async () => {
      const recording = readRecording(ONE);
      const { ok } = findStep(recording, (step) => step.ok?.events.some((event) => event.event === "Deposit") ?? false);
      const event = ok?.events.find(({ event }) => event === "Deposit");
      Object.assign(event?.args ?? {}, { shares: "1" });
      await expectDifference(recording, "@strategyManager.Deposit.args.shares");
    });

    it("finds an altered amount of a claim", async () => {
      const recording = readRecording(ONE);
      const { ok } = findStep(
        recording,
        (step) => step.ok?.events.some((event) => event.event === "RewardsClaimed") ?? false,
      );
      const event = ok?.events.find(({ event }) => event === "RewardsClaimed");
      Object.assign(event?.args ?? {}, { claimedAmount: "1" });
      await expectDifference(recording, "@rewardsCoordinator.RewardsClaimed.args.claimedAmount");
    });

    it("finds an altered return value", async () => {
      const recording = readRecording(ONE);
      const { ok } = findStep(recording, (step) => step.ok?.returns !== undefined);
      Object.assign(ok ?? {}, { returns: "1" });
      await expectDifference(recording, "returns");
    });

    it("finds an altered revert", async () => {
      const recording = readRecording(ONE);
      const step = findStep(
        recording,
        ({ revert, to }) => revert === "InvalidPermissions" && to === "@allocationManager",
      );
      step.revert = "InvalidCaller";
      await expectDifference(recording, "revert: expected");
    });
  });

  /** The first step for which `is` holds; the recording ends with it, to save time. */
  function findStep(recording: Recording, is: (step: Step) => boolean): Step {
    const index = recording.steps.findIndex(is);
    if (index < 0) throw new Error(`${basename(recording.file)} has no such step`);
    recording.steps.length = index + 1;
    return recording.steps[index];
  }

  async function expectDifference(recording: Recording, containing: string): Promise<void> {
    const { differences } = await replay(chain, from, recording);
    expect(differences).to.have.lengthOf.at.least(1);
    expect(differences[0]).to.include(containing);
  }
});
