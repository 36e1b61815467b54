import { expect } from "chai";
import { Contract, ZeroAddress } from "ethers";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openAddressBook } from "../../deploy/lib/addresses";
import { implementationOf } from "../../deploy/lib/code";
import { NotReady } from "../../deploy/lib/errors";
import { runSteps } from "../../deploy/lib/step";
import { proxies, toyContext, toys } from "./toys";

async function sendingContext() {
  const { ctx } = await toyContext(5n);
  ctx.maySend = true;
  return ctx;
}

async function failure(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => "no error",
    (error: Error) => error.message,
  );
}

const read = async (contract: Contract, name: string) => (await contract.getFunction(name)()) as unknown;

describe("deployment: contracts", () => {
  it("sees a difference in constructor arguments, in the contract and in nothing else", async () => {
    const ctx = await sendingContext();
    const first = await ctx.deploy("Plain", "PlainHarness", [ctx.deployer]);
    expect(await ctx.missing("Plain", "PlainHarness", [ctx.deployer])).to.deep.equal([]);
    const other = [`Plain at ${first} is not PlainHarness with these constructor arguments and this source`];
    expect(await ctx.missing("Plain", "PlainHarness", [ZeroAddress])).to.deep.equal(other);
    expect(await ctx.missing("Plain", "ChildHarness")).to.have.length(1);
    expect(await ctx.missing("Other", "ChildHarness")).to.deep.equal(["Other is not deployed"]);
    expect(await ctx.deploy("Plain", "PlainHarness", [ZeroAddress])).to.equal(first);
  });

  it("does not hand out a contract that is not there yet", async () => {
    const ctx = await sendingContext();
    expect(() => ctx.address("Alpha")).to.throw(NotReady, "Alpha is not deployed");
    await ctx.deployProxies(["Alpha"]);
    expect(await failure(ctx.contract("Alpha"))).to.equal("Alpha is still a placeholder");
  });

  it("refuses an external contract without code", async () => {
    const ctx = await sendingContext();
    expect(await failure(ctx.external("WETH", "ChildHarness", ctx.deployer))).to.equal(
      `WETH: there is no contract at ${ctx.deployer} on chain 31337`,
    );
  });
});

describe("deployment: proxies", () => {
  it("puts implementations behind proxies that know each other, initialised", async () => {
    const { ctx } = await toyContext(5n);
    await runSteps(toys, ctx);
    const alpha = await ctx.contract("Alpha");
    expect(await read(alpha, "PEER")).to.equal(ctx.address("Beta"));
    expect(await read(alpha, "limit")).to.equal(7n);
    expect(await failure(alpha.getFunction("initialize").send(8n))).to.contain("InvalidInitialization");
    const code = new Contract(
      await implementationOf(ctx.provider, await alpha.getAddress()),
      alpha.interface,
      ctx.signer,
    );
    expect(await failure(code.getFunction("initialize").send(8n))).to.contain("InvalidInitialization");
  });

  it("lets nobody but the deployer replace the placeholder", async () => {
    const { ctx } = await toyContext(5n);
    await runSteps([proxies], ctx);
    const stranger = await ctx.provider.getSigner(1);
    const proxy = new Contract(ctx.address("Alpha"), await ctx.chain.abi("Placeholder"), stranger);
    const upgrade = proxy.getFunction("upgradeToAndCall").send(ctx.address("Placeholder"), "0x");
    expect(await failure(upgrade)).to.contain("NotDeployer");
  });

  it("refuses to replace an implementation that is not the placeholder", async () => {
    const { ctx } = await toyContext(5n);
    await runSteps(toys, ctx);
    ctx.maySend = true;
    expect(await failure(ctx.upgradeProxy("Alpha", "UpgradeableHarness", [ctx.deployer]))).to.contain(
      "after the first deployment an upgrade goes through deploy/changes",
    );
  });

  it("refuses an implementation that is not safe to upgrade", async () => {
    const ctx = await sendingContext();
    await ctx.deployProxies(["Alpha"]);
    expect(await failure(ctx.upgradeProxy("Alpha", "UnsafeHarness"))).to.contain("is not upgrade safe");
  });

  it("goes on after a run that ended between the upgrade and its entry in the book", async () => {
    const ctx = await sendingContext();
    await ctx.deployProxies(["Alpha"]);
    const entry = ctx.book.find("Alpha")!;
    const upgrade = () =>
      ctx.upgradeProxy("Alpha", "UpgradeableHarness", [ctx.deployer], { fn: "initialize", args: [1n] });
    await upgrade();
    ctx.book.record("Alpha", entry);
    await upgrade();
    expect(await read(await ctx.contract("Alpha"), "limit")).to.equal(1n);
  });

  it("deploys a beacon once and upgrades it", async () => {
    const ctx = await sendingContext();
    const address = await ctx.deployBeacon("Beacon", "Placeholder", [ctx.deployer]);
    expect(await ctx.missing("Beacon", "Placeholder", [ctx.deployer])).to.deep.equal([]);
    expect(await ctx.missing("Beacon", "UpgradeableHarness", [ctx.deployer])).to.have.length(1);
    await ctx.upgradeBeacon("Beacon", "UpgradeableHarness", [ctx.deployer]);
    expect(await ctx.missing("Beacon", "UpgradeableHarness", [ctx.deployer])).to.deep.equal([]);
    expect(await ctx.deployBeacon("Beacon", "Placeholder", [ctx.deployer])).to.equal(address);
    expect(await read(await ctx.contract("Beacon"), "owner")).to.equal(ctx.deployer);
  });
});

describe("deployment: address book", () => {
  const file = () => join(mkdtempSync(join(tmpdir(), "trellis-book-")), "toys.json");

  async function deployedBook(path: string) {
    const { ctx } = await toyContext(5n, undefined, path);
    await runSteps(toys, ctx);
    return ctx;
  }

  it("writes sorted entries that a later run reads", async () => {
    const path = file();
    await deployedBook(path);
    const book = JSON.parse(readFileSync(path, "utf8")) as { chainId: number; contracts: object };
    expect(book.chainId).to.equal(31_337);
    expect(Object.keys(book.contracts)).to.deep.equal(["Alpha", "Beta", "Placeholder", "Plain"]);
    const { ctx } = await toyContext(5n, undefined, path);
    const outcomes = await runSteps(toys, ctx, "verify");
    expect(outcomes.map(({ status }) => status)).to.deep.equal(["ok", "ok", "ok"]);
  });

  it("is replaced as a whole: a run that is killed while writing leaves the earlier book", async () => {
    const path = file();
    const { book } = await deployedBook(path);
    const before = readFileSync(path, "utf8");
    const open = openSync(path, "r");
    book.record("Plain", { ...book.find("Plain")!, contract: "Another" });
    expect(readFileSync(path, "utf8")).to.not.equal(before);
    expect(readFileSync(open, "utf8")).to.equal(before);
    expect(readdirSync(dirname(path))).to.deep.equal(["toys.json"]);
    closeSync(open);
  });

  it("begins anew, with a notice, when a local node was restarted", async () => {
    const path = file();
    await deployedBook(path);
    for (const [from, to] of [
      [/"genesis": "0x\w+"/, '"genesis": "0x00"'],
      [/"address": "0x\w+"/, '"address": "0x00000000000000000000000000000000000000aa"'],
    ] as const) {
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text.replace(from, to));
      const { ctx, lines } = await toyContext(5n, undefined, path);
      expect(ctx.book.list()).to.deep.equal([]);
      expect(lines[0]).to.contain("the local node was restarted, the book begins anew");
      writeFileSync(path, text);
    }
  });

  it("refuses the book of another chain and a file that is no book", async () => {
    const path = file();
    const { provider } = await deployedBook(path);
    writeFileSync(path, readFileSync(path, "utf8").replace("31337", "1"));
    const open = () => openAddressBook(provider, path, () => undefined);
    expect(await failure(open())).to.contain("was written for chain 1, but this node is on chain 31337");
    writeFileSync(path, "{}");
    expect(await failure(open())).to.contain("is not an address book");
  });
});
