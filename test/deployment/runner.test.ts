import { expect } from "chai";
import { runSteps, sortSteps, step } from "../../deploy/lib/step";
import { plain, toyContext, toys, type Toys } from "./toys";

const nothing = () => Promise.resolve();
const done = () => Promise.resolve([]);

async function failure(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => "no error",
    (error: Error) => error.message,
  );
}

describe("deployment: steps", () => {
  it("sorts by need and keeps the given order otherwise", () => {
    expect(sortSteps(toys).map(({ name }) => name)).to.deep.equal([
      "toys/proxies",
      "toys/plain",
      "toys/implementations",
    ]);
  });

  it("refuses a need that does not exist, steps that need each other and a name used twice", () => {
    const a = step<Toys>("a", { needs: ["b"], differences: done, apply: nothing });
    const b = step<Toys>("b", { needs: ["a"], differences: done, apply: nothing });
    expect(() => sortSteps([a])).to.throw("step a needs b, which does not exist");
    expect(() => sortSteps([a, b])).to.throw("steps need each other: a → b → a");
    expect(() => sortSteps([a, a])).to.throw("two steps have the same name");
  });

  it("deploys everything, then sends nothing in a second run", async () => {
    const { ctx } = await toyContext(5n);
    const start = await ctx.signer.getNonce();
    const first = await runSteps(toys, ctx);
    expect(first.map(({ status }) => status)).to.deep.equal(["applied", "applied", "applied"]);
    const nonce = await ctx.signer.getNonce();
    expect(ctx.transactions).to.equal(nonce - start);
    expect(ctx.transactions).to.be.at.least(8); // two proxies, plain, its limit, two implementations, two upgrades

    const again = await toyContext(5n, ctx.book);
    const second = await runSteps(toys, again.ctx);
    expect(second.map(({ status }) => status)).to.deep.equal(["ok", "ok", "ok"]);
    expect(again.ctx.transactions).to.equal(0);
    expect(await ctx.signer.getNonce()).to.equal(nonce);
  });

  it("applies only the step whose configuration changed", async () => {
    const { ctx } = await toyContext(5n);
    await runSteps(toys, ctx);
    const changed = await toyContext(6n, ctx.book);
    const outcomes = await runSteps(toys, changed.ctx);
    expect(outcomes.filter(({ status }) => status !== "ok")).to.deep.equal([
      { step: "toys/plain", status: "applied", differences: ["limit is 5, should be 6"] },
    ]);
    expect(changed.ctx.transactions).to.equal(1);
  });

  it("throws the differences that a step's apply leaves", async () => {
    const { ctx } = await toyContext(5n);
    const stubborn = step<Toys>("stubborn", {
      needs: [],
      differences: () => Promise.resolve(["owner is 1, should be 2"]),
      apply: nothing,
    });
    expect(await failure(runSteps([stubborn], ctx))).to.equal(
      "step stubborn did not settle:\n  owner is 1, should be 2",
    );
  });

  for (const mode of ["verify", "plan"] as const) {
    it(`sends nothing in mode ${mode}, and leaves out steps whose needs are open`, async () => {
      const { ctx, lines } = await toyContext(5n);
      const nonce = await ctx.signer.getNonce();
      const outcomes = await runSteps(toys, ctx, mode);
      expect(outcomes).to.deep.equal([
        { step: "toys/proxies", status: "differs", differences: ["Alpha has no proxy", "Beta has no proxy"] },
        { step: "toys/plain", status: "waits", differences: ["waits for toys/proxies"] },
        { step: "toys/implementations", status: "waits", differences: ["waits for toys/proxies"] },
      ]);
      expect(await ctx.signer.getNonce()).to.equal(nonce);
      expect(lines).to.include("    Beta has no proxy");
    });
  }

  it("refuses to send while differences are read", async () => {
    const { ctx } = await toyContext(5n);
    const greedy = step<Toys>("greedy", {
      needs: [],
      differences: async (c) => [await c.deploy("Child", "ChildHarness")],
      apply: nothing,
    });
    expect(await failure(runSteps([greedy], ctx))).to.equal("deploy Child: only a step's apply may send transactions");
  });

  it("does not swallow an error of differences that is not about a missing contract", async () => {
    const { ctx } = await toyContext(5n);
    const broken = step<Toys>("broken", {
      needs: [],
      differences: () => Promise.reject(new Error("no connection")),
      apply: nothing,
    });
    expect(await failure(runSteps([broken], ctx))).to.equal("no connection");
    const outcomes = await runSteps([{ ...plain, needs: [] }], ctx, "plan");
    expect(outcomes[0].differences).to.deep.equal(["Alpha is not deployed"]);
  });
});
