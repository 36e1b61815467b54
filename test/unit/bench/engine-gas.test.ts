import { expect } from "chai";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { readTree, type Tree } from "../../../scripts/check/tree";
import { engineGas } from "../../../scripts/docs/engine-gas";

const SUMS = "test/snapshots/gas/engine.json";
const PAGE = "docs/engine-gas.md";

/** The working tree with the sums of one function altered. */
function altered(
  tree: Tree,
  call: string,
  change: (sum: { calls: number; ours: number; theirs: number }) => void,
): Tree {
  const sums = JSON.parse(tree.read(SUMS)) as Record<string, { calls: number; ours: number; theirs: number }>;
  change(sums[call]);
  return { ...tree, read: (file) => (file === SUMS ? JSON.stringify(sums) : tree.read(file)) };
}

describe("the page about the engine's gas", () => {
  const root = join(__dirname, "../../..");
  const tree = readTree(root);

  it("says what the snapshots say", async () => {
    const options = await resolveConfig(join(root, PAGE));
    expect(tree.read(PAGE)).to.equal(await format(engineGas(tree), { ...options, parser: "markdown" }));
  });

  it("refuses a breakdown that does not add up to the gas used", () => {
    const moved = altered(tree, "strategy.unpause", (sum) => (sum.ours += 1));
    expect(() => engineGas(moved)).to.throw("strategy.unpause used");
  });

  it("refuses a function above the budget without a breakdown and a reason", () => {
    const dearer = altered(tree, "delegationManager.queueWithdrawals", (sum) => (sum.ours = sum.theirs));
    expect(() => engineGas(dearer)).to.throw("not of the functions above the budget");
  });
});
