import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { getAddress, type Interface, type JsonRpcApiProvider } from "ethers";
import { ethers } from "hardhat";
import { implementationOf } from "../../deploy/lib/code";
import { PROXIES } from "../../deploy/steps/names";
import { PERMISSIONS, ROLE, selectorOf, type RoleName } from "../../deploy/steps/roles";
import { as, books } from "../checks";
import { deployed, staked } from "../world";
import { abiOf, classesOf, commands, CONTRACTS, emptyCall, errorData } from "./surface";

const CLOSED = ["AccessManagedUnauthorized", "OnlyModule", "OnlySelf", "OnlyPool"];

async function system() {
  const world = await loadFixture(deployed);
  const { c, ctx } = world;
  const [first] = await c.operators.operators();
  const at = (contract: string) => (contract === "OperatorDelegator" ? first.delegator : ctx.address(contract));
  const stranger = await (await world.person(5)).getAddress();
  return { world, c, ctx, at, stranger, manager: c.manager, governance: ctx.config.governance };
}

function parsed(abi: Interface, data: string | undefined): [string, unknown[]] {
  const error = data === undefined ? null : abi.parseError(data);
  return error === null ? ["", []] : [error.name, [...(error.args as unknown as unknown[])]];
}

function codeOf(proxy: string): Promise<string> {
  return implementationOf(ethers.provider as unknown as JsonRpcApiProvider, proxy);
}

/** The data of a transaction that built a contract, to build it a second time. */
async function buildAgain(address: string): Promise<string> {
  for (let block = await ethers.provider.getBlockNumber(); block > 0; --block) {
    for (const hash of (await ethers.provider.getBlock(block))?.transactions ?? []) {
      const receipt = await ethers.provider.getTransactionReceipt(hash);
      if (receipt?.contractAddress === null || receipt?.contractAddress === undefined) continue;
      if (getAddress(receipt.contractAddress) !== getAddress(address)) continue;
      const { data } = (await ethers.provider.getTransaction(hash))!;
      const [deployer] = await ethers.getSigners();
      const sent = await (await deployer.sendTransaction({ data })).wait();
      return sent!.contractAddress!;
    }
  }
  throw new Error(`nothing built ${address}`);
}

describe("access", () => {
  for (const contract of CONTRACTS) {
    it(`puts every state-changing function of ${contract} in exactly one class`, async () => {
      const wrong = (await commands(contract))
        .map((fn) => ({ fn: fn.format("sighash"), classes: classesOf(contract, fn).map(({ who }) => who) }))
        .filter(({ classes }) => classes.length !== 1);
      expect(wrong).to.deep.equal([]);
    });

    it(`lets a stranger, and the deployer, call of ${contract} only what is open to anyone`, async () => {
      const { at, ctx, stranger } = await system();
      const abi = await abiOf(contract);
      for (const fn of await commands(contract)) {
        const [kind] = classesOf(contract, fn);
        for (const caller of [stranger, ctx.deployer]) {
          const [error, args] = parsed(abi, await errorData(caller, at(contract), emptyCall(abi, fn)));
          const what = `${contract}.${fn.name}`;
          if (kind.who === "anyone") expect(CLOSED, what).not.to.include(error);
          if (kind.who === "nobody") expect(error, what).to.equal("InvalidInitialization");
          if (kind.who === "module") {
            const expected = kind.expected === undefined ? [] : [ctx.address(kind.expected)];
            expect([error, ...args], what).to.deep.equal([kind.error, caller, ...expected]);
          }
          if (kind.who === "role" || kind.who === "authority") {
            expect([error, ...args], what).to.deep.equal(["AccessManagedUnauthorized", caller]);
          }
        }
      }
    });
  }

  it("opens every function to its role, with the role's delay, and to no other person", async () => {
    const { ctx, manager, governance } = await system();
    const { admin, tightening, guardian, adminDelaySeconds } = governance;
    const holder: Record<RoleName, [string, bigint]> = {
      ADMIN: [admin, adminDelaySeconds],
      LOOSENING: [admin, adminDelaySeconds],
      TIGHTENING: [tightening, 0n],
      GUARDIAN: [guardian, 0n],
      PROPOSING: [admin, 0n],
    };
    for (const [target, byRole] of Object.entries(PERMISSIONS)) {
      const abi = target === "DelegatorBeacon" ? undefined : await abiOf(target);
      for (const [role, functions] of Object.entries(byRole)) {
        for (const fn of functions) {
          const selector = selectorOf(abi, fn);
          for (const person of new Set([admin, tightening, guardian, ctx.deployer])) {
            const [who, delay] = holder[role as RoleName];
            const expected = person !== who ? [false, 0n] : [delay === 0n, delay];
            const can = await manager.canCall(person, ctx.address(target), selector);
            expect([...can], `${target}.${fn} by ${person}`).to.deep.equal(expected);
          }
        }
      }
    }
  });

  it("has given roles to functions exactly as the table says, from all events", async () => {
    const { ctx, manager } = await system();
    const wanted: string[] = [];
    for (const [target, byRole] of Object.entries(PERMISSIONS)) {
      const abi = target === "DelegatorBeacon" ? undefined : await abiOf(target);
      for (const [role, functions] of Object.entries(byRole)) {
        for (const fn of functions) {
          wanted.push([ctx.address(target), selectorOf(abi, fn), ROLE[role as RoleName]].join(" "));
        }
      }
    }
    const events = await manager.queryFilter(manager.filters.TargetFunctionRoleUpdated());
    const last = new Map(events.map(({ args }) => [`${args.target} ${args.selector}`, args.roleId]));
    expect([...last].map(([key, role]) => `${key} ${role}`).sort()).to.deep.equal(wanted.sort());
  });

  it("leaves the deployer without a role: who holds what, from all events", async () => {
    const { ctx, manager, governance } = await system();
    const held = new Map<string, string>();
    const granted = await manager.queryFilter(manager.filters.RoleGranted());
    const revoked = await manager.queryFilter(manager.filters.RoleRevoked());
    const inOrder = [
      ...granted.map((e) => ({ e, delay: e.args.delay })),
      ...revoked.map((e) => ({ e, delay: undefined })),
    ].sort((a, b) => a.e.blockNumber - b.e.blockNumber || a.e.index - b.e.index);
    for (const { e, delay } of inOrder) {
      const key = `${e.args.roleId} ${e.args.account}`;
      if (delay === undefined) held.delete(key);
      else held.set(key, String(delay));
    }
    const { admin, tightening, guardian, adminDelaySeconds } = governance;
    expect(Object.fromEntries(held)).to.deep.equal({
      [`${ROLE.ADMIN} ${admin}`]: String(adminDelaySeconds),
      [`${ROLE.LOOSENING} ${admin}`]: String(adminDelaySeconds),
      [`${ROLE.TIGHTENING} ${tightening}`]: "0",
      [`${ROLE.GUARDIAN} ${guardian}`]: "0",
      [`${ROLE.PROPOSING} ${admin}`]: "0",
    });
    for (const role of Object.values(ROLE))
      expect((await manager.hasRole(role, ctx.deployer)).isMember).to.equal(false);
    // Nobody but the admin grants: no role has an admin of its own, and none a guardian who could cancel.
    expect(await manager.queryFilter(manager.filters.RoleAdminChanged())).to.deep.equal([]);
    expect(await manager.queryFilter(manager.filters.RoleGuardianChanged())).to.deep.equal([]);
  });

  it("makes the admin wait for every change of rights too", async () => {
    const { world, manager, governance } = await system();
    const admin = manager.connect(await as(governance.admin));
    await expect(admin.grantRole(ROLE.LOOSENING, world.keeper, 0n)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerNotScheduled",
    );
    const call = manager.interface.encodeFunctionData("grantRole", [ROLE.LOOSENING, governance.guardian, 0n]);
    const soon = BigInt(await time.latest()) + governance.adminDelaySeconds - 100n;
    await expect(admin.schedule(manager, call, soon)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerUnauthorizedCall",
    );
  });

  it("loosens no sooner than a holder can leave", async () => {
    const { c, governance } = await system();
    expect(governance.adminDelaySeconds).to.be.at.least(await c.queue.EXIT_TIME());
  });

  it("owns our engine by the admin, and pauses it by the guardian alone", async () => {
    const { c, ctx, governance } = await system();
    expect(await c.strategies.owner()).to.equal(governance.admin);
    expect(await c.strategies.strategyWhitelister()).to.equal(governance.admin);
    const pausers = await ethers.getContractAt("PauserRegistry", ctx.address("PauserRegistry"));
    expect(await pausers.unpauser()).to.equal(governance.admin);
    expect(await pausers.isPauser(governance.guardian)).to.equal(true);
    expect(await pausers.isPauser(ctx.deployer)).to.equal(false);
  });

  it("has the controller as the only admin of every operator account", async () => {
    const { c, ctx } = await system();
    for (const { account } of await c.operators.operators()) {
      expect([...(await c.permissions.getAdmins(account))]).to.deep.equal([ctx.address("AllocationController")]);
      expect([...(await c.permissions.getPendingAdmins(account))]).to.deep.equal([]);
    }
  });

  describe("upgrades", () => {
    for (const name of PROXIES) {
      it(`of ${name} wait for the delay, and keep what is stored`, async () => {
        const { world } = await loadFixture(staked);
        const { c, ctx } = world;
        const { manager } = c;
        const { admin, adminDelaySeconds } = ctx.config.governance;
        const [proxy, abi] = [ctx.address(name), await abiOf(name)];
        const next = await buildAgain(await codeOf(proxy));
        const data = abi.encodeFunctionData("upgradeToAndCall", [next, "0x"]);
        const signer = await as(admin);
        const before = await books(world);

        await expect(signer.sendTransaction({ to: proxy, data })).to.be.revertedWithCustomError(
          manager,
          "AccessManagerNotScheduled",
        );
        const deployer = await as(ctx.deployer);
        await expect(manager.connect(deployer).schedule(proxy, data, 0)).to.be.revertedWithCustomError(
          manager,
          "AccessManagerUnauthorizedCall",
        );
        await manager.connect(signer).schedule(proxy, data, 0);
        const ready = BigInt(await time.latest()) + adminDelaySeconds;
        await time.setNextBlockTimestamp(ready - 1n);
        await expect(manager.connect(signer).execute(proxy, data)).to.be.revertedWithCustomError(
          manager,
          "AccessManagerNotReady",
        );
        await time.setNextBlockTimestamp(ready);
        await manager.connect(signer).execute(proxy, data);
        expect(getAddress(await codeOf(proxy))).to.equal(getAddress(next));
        expect(await books(world)).to.deep.equal(before);
      });
    }

    it("of the stakers' beacon wait too: it belongs to the AccessManager", async () => {
      const { world, ctx, manager, governance } = await system();
      const abi = ["function owner() view returns (address)", "function upgradeTo(address)"];
      const at = await ethers.getContractAt(abi, ctx.address("DelegatorBeacon"));
      expect(await at.getFunction("owner")()).to.equal(await manager.getAddress());
      const admin = manager.connect(await as(governance.admin));
      const data = new ethers.Interface(abi).encodeFunctionData("upgradeTo", [ctx.address("TrEth")]);
      await expect(admin.execute(at, data)).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
      await expect(manager.connect(world.keeper).execute(at, data)).to.be.revertedWithCustomError(
        manager,
        "AccessManagerUnauthorizedCall",
      );
      await admin.schedule(at, data, 0);
      await time.increase(governance.adminDelaySeconds);
      await admin.execute(at, data);
    });

    it("find every implementation locked", async () => {
      const { ctx, stranger } = await system();
      for (const name of PROXIES) {
        const abi = await abiOf(name);
        const implementation = getAddress(await codeOf(ctx.address(name)));
        const call = (fn: string) => errorData(stranger, implementation, emptyCall(abi, abi.getFunction(fn)!));
        expect(parsed(abi, await call("initialize"))[0], name).to.equal("InvalidInitialization");
        expect(parsed(abi, await call("upgradeToAndCall"))[0], name).to.equal("UUPSUnauthorizedCallContext");
      }
    });
  });
});
