import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploy } from "../../deploy";
import { loadConfig } from "../../deploy/config/load";
import type { Config } from "../../deploy/config/schema";
import type { Context } from "../../deploy/lib/context";
import { steps } from "../../deploy/steps";
import { PROXIES } from "../../deploy/steps/names";
import { PERMISSIONS, ROLE, selectorOf } from "../../deploy/steps/roles";
import { readTree } from "../../scripts/check/tree";
import { unassigned } from "../../scripts/docs/roles";
import { contractsOf } from "../../scripts/sim/contracts";
import type { PatientAccessManager } from "../../typechain-types";
import { emptyCall } from "./surface";

const DAY = 86_400n;

async function failure(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => "no error",
    (error: Error) => error.message,
  );
}

/** Everything deployed by the real steps, with an address book on disk. */
async function system() {
  const addresses = mkdtempSync(join(tmpdir(), "trellis-system-"));
  const config = loadConfig("hardhat");
  const firstNonce = await (await ethers.getSigners())[0].getNonce();
  const { ctx, outcomes } = await deploy({ config, addresses });
  return { ctx, outcomes, config, addresses, firstNonce, c: await contractsOf(ctx) };
}

/** Who holds which role, from the manager's events alone: [role, account, execution delay]. */
async function holders(manager: PatientAccessManager): Promise<[bigint, string, bigint][]> {
  const found = new Map<string, [bigint, string, bigint]>();
  const changes = [
    ...(await manager.queryFilter(manager.filters.RoleGranted())),
    ...(await manager.queryFilter(manager.filters.RoleRevoked())),
  ].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  for (const { args, fragment } of changes) {
    const { roleId, account, delay } = args as unknown as { roleId: bigint; account: string; delay: bigint };
    if (fragment.name === "RoleGranted") found.set(`${roleId} ${account}`, [roleId, account, delay]);
    else found.delete(`${roleId} ${account}`);
  }
  return [...found.values()];
}

async function mayDeployerCall(ctx: Context, manager: PatientAccessManager): Promise<string[]> {
  const allowed: string[] = [];
  for (const [target, byRole] of Object.entries(PERMISSIONS)) {
    const abi = target === "DelegatorBeacon" ? undefined : await ctx.chain.abi(target);
    for (const fn of Object.values(byRole).flat()) {
      const [immediate, delay] = await manager.canCall(ctx.deployer, ctx.address(target), selectorOf(abi, fn));
      if (immediate || delay !== 0n) allowed.push(`${target}.${fn}`);
    }
  }
  return allowed;
}

describe("deployment: the whole system", () => {
  it("applies every step once", async () => {
    const { ctx, outcomes, firstNonce } = await loadFixture(system);
    expect(outcomes.map(({ step }) => step)).to.have.members(steps.map(({ name }) => name));
    expect(outcomes.filter(({ status }) => status !== "applied")).to.deep.equal([]);
    expect(ctx.transactions).to.equal((await ctx.signer.getNonce()) - firstNonce);
  });

  it("sends nothing in a second run, also in one that knows only the address book", async () => {
    const { ctx, config, addresses } = await loadFixture(system);
    const nonce = await ctx.signer.getNonce();
    const before = readFileSync(join(addresses, "hardhat.json"), "utf8");
    const again = await deploy({ config, addresses });
    expect(again.ctx.book).to.not.equal(ctx.book);
    expect(again.outcomes.filter(({ status }) => status !== "ok")).to.deep.equal([]);
    expect(again.ctx.transactions).to.equal(0);
    expect(await ctx.signer.getNonce()).to.equal(nonce);
    expect(readFileSync(join(addresses, "hardhat.json"), "utf8")).to.equal(before);
  });

  it("has nothing to report in mode verify, and names what was changed since", async () => {
    const { config, addresses, ctx, c } = await loadFixture(system);
    const verify = async () => (await deploy({ config, addresses, mode: "verify" })).outcomes;
    expect((await verify()).filter(({ status }) => status !== "ok")).to.deep.equal([]);
    const tightening = await ctx.provider.getSigner(config.governance.tightening);
    await c.sets.connect(tightening).lowerAvsCap(ctx.address("avs:price-oracle"), 1n);
    expect((await verify()).filter(({ status }) => status === "differs")).to.deep.equal([
      { step: "lrt/sets", status: "differs", differences: ["cap of price-oracle: 1000 bps"] },
    ]);
  });

  it("names an inflow limit that is not the configured one, of ETH and of a token", async () => {
    const { addresses, config } = await loadFixture(system);
    const other = structuredClone(config);
    other.ether.inflowBps = 501n;
    other.assets[0].inflowFloor = 7n;
    const { outcomes } = await deploy({ config: other, addresses, mode: "verify" });
    expect(outcomes.filter(({ status }) => status === "differs")).to.deep.equal([
      {
        step: "lrt/assets",
        status: "differs",
        differences: [
          `the inflow of ETH is limited to 500 bps, at least ${5_000n * 10n ** 18n}, not to 501 bps, at least ${5_000n * 10n ** 18n}`,
          `the inflow of wstETH is limited to 500 bps, at least ${5_000n * 10n ** 18n}, not to 500 bps, at least 7`,
        ],
      },
    ]);
  });

  it("goes on after a step that failed, without doing anything twice", async () => {
    const config = loadConfig("hardhat");
    const { transactions } = (await loadFixture(system)).ctx;
    const addresses = mkdtempSync(join(tmpdir(), "trellis-system-"));
    const broken = steps.map((s) =>
      s.name === "lrt/operators" ? { ...s, apply: () => Promise.reject(new Error("the node went away")) } : s,
    );
    expect(await failure(deploy({ config, addresses, steps: broken }))).to.equal("the node went away");
    const { ctx, outcomes } = await deploy({ config, addresses });
    expect(outcomes.filter(({ status }) => status === "applied").map(({ step }) => step)).to.deep.equal([
      "lrt/operators",
      "lrt/sets",
      "lrt/seed",
      "lrt/readers",
      "lrt/floors",
      "engine/hand-over",
      "lrt/hand-over",
    ]);
    expect(ctx.transactions).to.be.lessThan(transactions / 2);
  });
});

describe("deployment: rights", () => {
  it("leaves the configured people with the configured delays, and nobody else", async () => {
    const { c, config } = await loadFixture(system);
    const { admin, tightening, guardian, adminDelaySeconds } = config.governance;
    expect(await holders(c.manager)).to.have.deep.members([
      [ROLE.ADMIN, admin, adminDelaySeconds],
      [ROLE.LOOSENING, admin, adminDelaySeconds],
      [ROLE.TIGHTENING, tightening, 0n],
      [ROLE.GUARDIAN, guardian, 0n],
      [ROLE.PROPOSING, admin, 0n],
    ]);
  });

  it("leaves the deployer with nothing", async () => {
    const { ctx, c, config } = await loadFixture(system);
    for (const role of Object.values(ROLE)) expect((await c.manager.hasRole(role, ctx.deployer))[0]).to.equal(false);
    expect(await mayDeployerCall(ctx, c.manager)).to.deep.equal([]);
    expect(await c.strategies.owner()).to.equal(config.governance.admin);
    expect(await c.strategies.strategyWhitelister()).to.equal(config.governance.admin);
    const beacon = await ctx.contract("DelegatorBeacon");
    expect(await beacon.getFunction("owner")()).to.equal(ctx.address("AccessManager"));
    for (const name of PROXIES) {
      const proxy = await ctx.contract(name);
      const upgrade = proxy.getFunction("upgradeToAndCall").send(ctx.address("Placeholder"), "0x");
      expect(await failure(upgrade), name).to.contain("AccessManagedUnauthorized");
    }
  });

  it("are asked for by every function that a role may call, and by no other", async () => {
    const { ctx, c } = await loadFixture(system);
    expect(unassigned(readTree(join(__dirname, "../..")))).to.deep.equal([]);
    const stranger = await ctx.provider.getSigner(15);
    for (const [target, byRole] of Object.entries(PERMISSIONS)) {
      if (target === "DelegatorBeacon") continue; // not `restricted`: it belongs to the manager, see above
      const abi = await ctx.chain.abi(target);
      for (const name of Object.values(byRole).flat()) {
        const fn = abi.getFunction(name)!;
        const call = stranger.call({ to: ctx.address(target), data: emptyCall(abi, fn) });
        await expect(call, name).to.be.revertedWithCustomError(c.pool, "AccessManagedUnauthorized");
      }
    }
  });

  it("loosens only after leaving is possible", async () => {
    const { c, config } = await loadFixture(system);
    const exitTime = await c.queue.EXIT_TIME();
    expect(exitTime).to.equal(config.withdrawals.exitTimeSeconds);
    const loosening = (await holders(c.manager)).filter(([role]) => role === ROLE.ADMIN || role === ROLE.LOOSENING);
    expect(loosening).to.have.length(2);
    for (const [, , delay] of loosening) expect(delay).to.be.at.least(exitTime);
  });

  it("refuses a deployer who is to keep a role: giving it up would lose it for good", async () => {
    const local = loadConfig("hardhat");
    const [signer] = await ethers.getSigners();
    for (const who of ["admin", "tightening", "guardian"] as const) {
      const config: Config = { ...local, governance: { ...local.governance, [who]: signer.address } };
      const nonce = await signer.getNonce();
      expect(await failure(deploy({ config }))).to.equal(
        `governance.${who}: is the deployer, who must end with no role`,
      );
      expect(await signer.getNonce()).to.equal(nonce);
    }
  });

  it("refuses to hand over to an admin who waits shorter than leaving takes", async () => {
    const local = loadConfig("hardhat");
    const config: Config = { ...local, governance: { ...local.governance, adminDelaySeconds: DAY } };
    const addresses = mkdtempSync(join(tmpdir(), "trellis-system-"));
    expect(await failure(deploy({ config, addresses }))).to.contain("loosening waits shorter than leaving takes");
    const { ctx } = await deploy({ config, addresses, mode: "plan" });
    const manager = (await contractsOf(ctx)).manager;
    expect((await holders(manager)).map(([, account]) => account)).to.deep.equal(new Array(3).fill(ctx.deployer));
  });
});
