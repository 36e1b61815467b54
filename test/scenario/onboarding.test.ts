import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { Signer } from "ethers";
import { ROLE } from "../../deploy/steps/roles";
import { BLOCK_SECONDS } from "../../scripts/sim/time";
import type { World } from "../../scripts/sim/world";
import { allocationsOf, as, ether, exposeFully, slash } from "../exit-world";
import {
  attempt,
  ATTEMPTS,
  changing,
  CONTRACTS,
  engineOf,
  HARMLESS,
  judgedAs,
  nextAccount,
  preyOf,
  seatOf,
  standing,
} from "../onboarding";
import { announcerIn, grants, slashing } from "../risk-world";
import { staked } from "../world";

const NO_SIGNATURE = { signature: "0x", expiry: 0n };

/** `staked`, with a withdrawal of the first operator's staker that is due, and an AVS of its node operator. */
async function preyed() {
  const { world, alice, bob } = await staked();
  await world.request(bob, world.asset, ether("10"));
  await world.pass(86_400n);
  await world.c.desk.connect(world.keeper).unbond(world.asset, 16n);
  await world.pass(55n * BLOCK_SECONDS);
  await world.c.accountant.report();
  const { delegator, nodeOperator } = await world.c.operators.operator(0);
  const [[due]] = await world.c.delegation.getQueuedWithdrawals(delegator);
  const { staker, delegatedTo, withdrawer, nonce, startBlock, strategies, scaledShares } = due;
  const lists = { strategies: [...strategies], scaledShares: [...scaledShares] };
  const withdrawal = { staker, delegatedTo, withdrawer, nonce, startBlock, ...lists };
  const prey = await preyOf(world, 0, nodeOperator, withdrawal);
  return { world, alice, bob, prey, company: await as(nodeOperator) };
}

/** A world in which somebody may take on operators without waiting. */
async function hiring() {
  const { world, alice, bob } = await staked();
  const hire = world.c.operators.connect(await grants(world, [ROLE.LOOSENING, ROLE.TIGHTENING]));
  return { world, alice, bob, hire };
}

/** Everybody but the controller and the staker itself who might have a say. */
async function others(world: World): Promise<Signer[]> {
  const { nodeOperator, account } = await world.c.operators.operator(0);
  const { admin } = world.ctx.config.governance;
  return Promise.all([
    ...[nodeOperator, account, admin, world.c.operators, world.c.desk, world.c.avss[0]].map((who) => as(who)),
    ...[world.person(0), world.ctx.signer],
  ]);
}

/** Takes on an operator for `key` and restakes a part with it; returns its number. */
async function takeOn({ world, alice, hire }: Awaited<ReturnType<typeof hiring>>, key: Signer): Promise<number> {
  const id = Number(await world.c.operators.count());
  await hire.addOperator(key, BigInt(id + 1), 10n, 2_000n, "https://example.org/newcomer.json");
  await world.deposit(alice, "stETH", ether("30"));
  await world.c.desk.connect(world.keeper).restake(world.asset, 16n);
  return id;
}

describe("hostile onboarding", () => {
  it("leaves no function of the engine that changes anything without a judgement", () => {
    const judged = CONTRACTS.flatMap((contract) =>
      changing(contract).map((one) => [judgedAs(contract, one), one] as const),
    );
    expect(judged.filter(([name]) => name === undefined).map(([, { name }]) => name)).to.deep.equal([]);
    // And no judgement without its function, or one both ways.
    const names = new Set(judged.map(([name]) => name));
    const all = [...Object.keys(ATTEMPTS), ...Object.keys(HARMLESS)];
    expect(all.filter((name) => !names.has(name))).to.deep.equal([]);
    expect(new Set(all).size).to.equal(all.length);
  });

  it("gives nobody but the controller a permission, for any function: two harmless ones to the node operator", async () => {
    const { world, company } = await loadFixture(preyed);
    const { account, delegator } = await world.c.operators.operator(0);
    const may: string[] = [];
    for (const contract of CONTRACTS) {
      const target = await engineOf(world, contract);
      for (const { selector, name } of changing(contract)) {
        for (const who of await others(world)) {
          for (const subject of [account, delegator]) {
            if (await world.c.permissions.canCall(subject, who, target, selector)) {
              may.push(
                `${who === company || (await who.getAddress()) === (await company.getAddress())} ${name} ${subject === account}`,
              );
            }
          }
        }
      }
    }
    expect(may).to.deep.equal(["true updateOperatorMetadataURI true", "true setClaimerFor true"]);
  });

  for (const [name, { seat, error }] of Object.entries(ATTEMPTS)) {
    it(`refuses ${name} to the node operator, ${seat === "nobody" ? "as to everybody" : `though not to its seat (${seat})`}`, async () => {
      const { world, prey, company, alice } = await loadFixture(preyed);
      const args = ATTEMPTS[name].args(prey);
      const target = await engineOf(world, name.split(".")[0] as (typeof CONTRACTS)[number]);
      for (const by of [company, alice]) {
        await expect(attempt(world, name, by, args, "ask")).to.be.revertedWithCustomError(target, error);
      }
      const able = await seatOf(world, name, prey);
      if (able !== undefined) await attempt(world, name, able, args, "ask"); // only the caller was wrong
    });
  }

  it("OB-1 changes nothing by trying everything at once, by key, owner of an AVS, and stranger", async () => {
    const { world, prey, company, bob } = await loadFixture(preyed);
    const before = await standing(world, 0);
    const nav = await world.c.accountant.netAssetValue();
    for (const by of [company, bob]) {
      for (const name of Object.keys(ATTEMPTS)) {
        await expect(
          attempt(world, name, by, ATTEMPTS[name].args({ ...prey, me: await by.getAddress() }), "send"),
          name,
        ).to.be.reverted;
      }
    }
    await world.c.delegation.connect(company).updateOperatorMetadataURI(prey.account, "x".repeat(10_000));
    await world.c.rewards.connect(company)["setClaimerFor(address,address)"](prey.account, bob);
    expect(await standing(world, 0)).to.deep.equal(before);
    await world.c.accountant.report();
    expect(await world.c.accountant.netAssetValue()).to.equal(nav);
  });

  it("OB-1 leaves behind what its key did in the engine: approver, delay, appointees, allocations, its own AVS", async () => {
    const scene = await loadFixture(hiring);
    const { world, bob } = scene;
    const engine = await allocationsOf(world);
    const key = await world.person(5);
    // The key is an operator itself, its own approver, without delay, with everything behind an AVS that it runs.
    const { announcer, set } = await announcerIn(world);
    await world.c.delegation.connect(key).registerAsOperator(key, 0n, "");
    for (const contract of CONTRACTS) {
      const target = await engineOf(world, contract);
      for (const { selector } of changing(contract)) {
        await world.c.permissions.connect(key).setAppointee(key, bob, target, selector);
      }
    }
    await world.pass(80n * BLOCK_SECONDS);
    await engine.connect(key).registerForOperatorSets(key, { avs: set.avs, operatorSetIds: [set.id], data: "0x" });
    const strategy = await world.c.strategy.getAddress();
    const params = [{ operatorSet: set, strategies: [strategy], newMagnitudes: [ether("1")] }];
    await engine.connect(key).modifyAllocations(key, params);
    const id = await takeOn(scene, key);
    const { account, delegator } = await world.c.operators.operator(id);
    expect(account).not.to.equal(await key.getAddress());
    const [[stake]] = await world.c.delegation.getWithdrawableShares(delegator, [strategy]);
    expect(stake).to.be.greaterThan(ether("5"));
    const nav = await world.c.accountant.netAssetValue();
    const own = { ...(await slashing(world, id, set.id, ether("1"))), operator: await key.getAddress() };
    await announcer.slash([own]); // its own operator loses everything
    await expect(announcer.slash([await slashing(world, id, set.id, ether("1"))])).to.be.revertedWithCustomError(
      engine,
      "OperatorNotSlashable",
    );
    expect(await engine.getMaxMagnitude(key, strategy)).to.equal(0n);
    await world.c.accountant.report();
    expect(await world.c.accountant.netAssetValue()).to.equal(nav);
    expect(await standing(world, id)).to.deep.include({
      ...{ approver: ethers.ZeroAddress, operator: account, delay: 10n, pending: [], registered: [], allocated: [] },
      admins: [await world.c.controller.getAddress(), delegator],
    });
  });

  it("OB-1 is born clean at an address that everybody knew before", async () => {
    const scene = await loadFixture(hiring);
    const { world, bob, hire } = scene;
    const key = await world.person(5);
    const born = await nextAccount(world);
    const prey = { ...(await preyOf(world, 0, await key.getAddress(), undefined)), account: born };
    for (const by of [key, bob]) {
      for (const name of Object.keys(ATTEMPTS).filter((one) => !one.includes("completeQueued"))) {
        await expect(attempt(world, name, by, ATTEMPTS[name].args(prey), "send"), name).to.be.reverted;
      }
      const { delegation } = world.c;
      await expect(
        delegation.connect(by).delegateTo(born, NO_SIGNATURE, ethers.ZeroHash),
      ).to.be.revertedWithCustomError(delegation, "OperatorNotRegistered");
      await by.sendTransaction({ to: born, value: 1n }); // ether is all that can be there before
    }
    await hire.addOperator(key, 6n, 10n, 1n, "");
    const { account, delegator } = await world.c.operators.operator(5);
    expect(account).to.equal(born);
    expect(await standing(world, 5)).to.deep.include({
      ...{ approver: ethers.ZeroAddress, operator: born, delay: 10n, pending: [], registered: [], allocated: [] },
      admins: [await world.c.controller.getAddress(), delegator],
    });
    const appointed = await world.c.permissions.getAppointeePermissions(born, key);
    expect(appointed.selectors).to.deep.equal(["0x78296ec5", "0xf22cef85"]);
    for (const who of [bob, world.ctx.signer]) {
      expect((await world.c.permissions.getAppointeePermissions(born, who)).selectors).to.deep.equal([]);
    }
  });

  it("joins only admitted sets, and what an AVS does with its members allocates nothing", async () => {
    const { world, prey, company } = await loadFixture(preyed);
    const { controller, sets } = world.c;
    const engine = await allocationsOf(world);
    await expect(controller.connect(company).register(0, prey.own.avs, [prey.own.id], "0x"))
      .to.be.revertedWithCustomError(controller, "SetNotAdmitted")
      .withArgs(prey.own.avs, prey.own.id);
    // An admitted AVS throws it out and takes it in again: same magnitudes, and all the time slashable or counted.
    const [{ avs, id }] = await sets.sets();
    const before = await standing(world, 0);
    const deregister = { operator: prey.account, avs, operatorSetIds: [id] };
    await engine.connect(await as(avs)).deregisterFromOperatorSets(deregister);
    expect(await engine.isOperatorSlashable(prey.account, { avs, id })).to.equal(true);
    expect((await standing(world, 0)).magnitudes).to.deep.equal(before.magnitudes);
    await world.pass(55n * BLOCK_SECONDS);
    const atRisk = await world.c.risk.worstCaseLoss();
    await controller
      .connect(company)
      .register(0, avs, [id], "0x")
      .catch(() => undefined); // its registrar may refuse
    expect((await standing(world, 0)).magnitudes).to.deep.equal(before.magnitudes);
    expect(await world.c.risk.worstCaseLoss()).to.equal(atRisk);
  });

  it("delegates once: neither registry, desk nor key sends a staker to another operator", async () => {
    const { world, company } = await loadFixture(preyed);
    const { delegator, nodeOperator } = await world.c.operators.operator(0);
    await world.c.delegation.connect(company).registerAsOperator(ethers.ZeroAddress, 0n, "");
    for (const who of [world.c.operators, world.c.desk, world.c.controller, nodeOperator]) {
      const staker = await ethers.getContractAt("OperatorDelegator", delegator, await as(who));
      const error = who === world.c.operators ? "AlreadyDelegated" : "OnlyModule";
      await expect(staker.delegateTo(nodeOperator)).to.be.revertedWithCustomError(staker, error);
    }
    // The engine alone would let the staker go; its code has no such call.
    const { interface: staker } = await ethers.getContractAt("OperatorDelegator", delegator);
    const names = staker.fragments.flatMap((one) =>
      "stateMutability" in one && "name" in one ? [String(one.name)] : [],
    );
    expect(names.filter((name) => /undelegate|redelegate|queue/i.test(name))).to.deep.equal([]);
  });

  it("forced out of its delegation, is slashed as planned at most, and is given nothing more", async () => {
    const { world, bob } = await loadFixture(preyed);
    const { desk, controller, operators, sets, accountant } = world.c;
    const { delegator } = await operators.operator(0);
    const planned = (await world.c.risk.cells(0n)).reduce((sum, { etherAtRisk }) => sum + etherAtRisk, 0n);
    await world.c.delegation.connect(await as(controller)).undelegate(delegator); // no function of it does this
    const nav = await accountant.netAssetValue();
    for (const [i, avs] of world.c.avss.entries()) {
      const address = await avs.getAddress();
      for (const { avs: its, id } of await sets.sets()) {
        if (its === address) await slash(world, i, id, 0, ether("1"));
      }
    }
    await accountant.report();
    expect(nav - (await accountant.netAssetValue())).to.be.within(ether("1"), planned);
    const { restaked } = await accountant.book(delegator, world.asset);
    expect(restaked).to.equal(0n);
    await world.pass(2n * 86_400n); // the alarm is over
    await world.deposit(bob, "stETH", ether("20"));
    await desk.connect(world.keeper).restake(world.asset, 16n);
    expect((await accountant.book(delegator, world.asset)).restaked).to.equal(0n);
  });

  it("would lose what is allocated if a seat of ours were taken: the tests above can fail", async () => {
    const { world } = await loadFixture(preyed);
    const before = await world.c.accountant.netAssetValue();
    await exposeFully(world, 0);
    await slash(world, 0, 0n, 0, ether("1"));
    await world.c.accountant.report();
    expect(before - (await world.c.accountant.netAssetValue())).to.be.greaterThan(ether("10"));
  });
});
