/** Gas of the protocol's own calls, for a newcomer and in steady use. */
import { ethers } from "hardhat";
import { MaxUint256, parseEther, Signature, type AddressLike, type Signer } from "ethers";
import { ETHER, type Token } from "../../sim/world";
import { nextDay } from "../../sim/time";
import type { Breakdown } from "../breakdown";
import { aside, BASE, gasOf, Purse, twice, type Gas } from "./calls";
import { budgetOf, OPERATIONS, type Row } from "./operations";
import { scene, type Scene } from "./scene";

/** Tokens × delegators; the last is what the protocol declares to be its most: seven tokens and ETH, sixteen operators. */
export const SIZES: readonly [assets: number, delegators: number][] = [
  [1, 1],
  [2, 5],
  [4, 5],
  [7, 16],
];

const ONE = parseEther("1");
const NO_REFERRAL = ethers.ZeroHash;
const MOST_GAS = 2n ** 24n; // of one transaction (EIP-7825)

/* COMING IN */

async function deposits({ world, newcomer, assets, plain, purse }: Scene): Promise<Record<string, Gas>> {
  const pool = world.c.pool.connect(newcomer);
  const found: Record<string, Gas> = {
    "deposit ETH": await twice(() => pool.depositEther(newcomer, 0n, MaxUint256, NO_REFERRAL, { value: ONE })),
  };
  const depositOf = (token: AddressLike) => () => pool.deposit(token, ONE, newcomer, 0n, MaxUint256, NO_REFERRAL);
  const forms: Token[] = ["WETH", "stETH", "wstETH"];
  if (assets.length > 1) forms.push("rETH");
  if (assets.length > 2) forms.push("cbETH");
  for (const form of forms) {
    found[`deposit ${form}`] = await aside(async () => {
      const token = await world.acquire(newcomer, form, 10n * ONE);
      await token.connect(newcomer).approve(pool, MaxUint256);
      const gas: Gas = [await gasOf(depositOf(token)), await gasOf(depositOf(token))];
      await purse?.look(`deposit ${form}`, depositOf(token));
      return gas;
    });
  }
  for (const address of plain.slice(0, 1)) {
    found["deposit a plain token"] = await aside(async () => {
      const token = await ethers.getContractAt("PlainLstMock", address, newcomer);
      await token.mint(newcomer, 10n * ONE);
      await token.approve(pool, MaxUint256);
      const gas: Gas = [await gasOf(depositOf(token)), await gasOf(depositOf(token))];
      await purse?.look("deposit a plain token", depositOf(token));
      return gas;
    });
  }
  for (const form of ["stETH", "wstETH"] as const) {
    const permit = await aside(() => permitted(world, newcomer, form));
    const without = found[`deposit ${form}`];
    found[`permit of ${form}, besides its deposit`] = [permit[0] - without[0], permit[1] - without[1]];
  }
  return found;
}

async function permitted(world: Scene["world"], owner: Signer, form: "stETH" | "wstETH"): Promise<Gas> {
  const token = form === "stETH" ? world.c.stEth : world.c.wstEth;
  const [, name, version, chainId, verifyingContract] = await token.eip712Domain();
  const domain = { name, version, chainId, verifyingContract };
  const fields = { owner: "address", spender: "address", value: "uint256", nonce: "uint256", deadline: "uint256" };
  const types = { Permit: Object.entries(fields).map(([field, type]) => ({ name: field, type })) };
  const spender = await world.c.pool.getAddress();
  await world.acquire(owner, form, 10n * ONE);
  const deposit = async () => {
    const nonce = await token.nonces(owner);
    const message = { owner: await owner.getAddress(), spender, value: ONE, nonce, deadline: MaxUint256 };
    const { v, r, s } = Signature.from(await owner.signTypedData(domain, types, message));
    const permit = { deadline: MaxUint256, v, r, s };
    return gasOf(() =>
      world.c.pool.connect(owner).depositWithPermit(token, ONE, owner, 0n, MaxUint256, NO_REFERRAL, permit),
    );
  };
  return [await deposit(), await deposit()];
}

/* HOLDING */

async function holding({ world, alice, newcomer }: Scene): Promise<Record<string, Gas>> {
  const { trEth, pool } = world.c;
  const probe = await ethers.deployContract("RateProbeMock", [pool, world.c.rate, world.c.feed]);
  const read = Number(await probe.cost(pool, pool.interface.encodeFunctionData("rate")));
  return {
    "transfer trETH": await twice(() => trEth.connect(alice).transfer(newcomer, 1n)),
    "rate read by a contract": [0, read],
  };
}

/* GOING OUT */

async function requests({ world, alice, newcomer, purse }: Scene): Promise<Record<string, Gas>> {
  const { queue, trEth } = world.c;
  const found: Record<string, Gas> = {};
  for (const [name, asset] of [
    ["ETH", ETHER],
    ["wstETH", world.asset],
  ]) {
    found[`request for ${name}`] = await aside(async () => {
      for (const who of [alice, newcomer]) await trEth.connect(who).approve(queue, MaxUint256);
      await trEth.connect(alice).transfer(newcomer, ONE);
      await queue.connect(alice).request(asset, ONE, alice); // the line is in use; the batch of the day is open
      const request = () => queue.connect(newcomer).request(asset, ONE / 4n, newcomer);
      const gas: Gas = [await gasOf(request), await gasOf(request)];
      await purse?.look(`request for ${name}`, request);
      return gas;
    });
  }
  found["further request in a transaction"] = await aside(async () => {
    const wallet = await ethers.deployContract("HastyWalletMock");
    const target = await queue.getAddress();
    const call = (to: string, data: string) => ({ target: to, value: 0n, data });
    const request = call(
      target,
      queue.interface.encodeFunctionData("request", [ETHER, ONE / 4n, await alice.getAddress()]),
    );
    const approve = trEth.interface.encodeFunctionData("approve", [target, MaxUint256]);
    await trEth.connect(alice).transfer(wallet, 4n * ONE);
    await wallet.execute([call(await trEth.getAddress(), approve), request]);
    const [one, two] = [
      await gasOf(() => wallet.execute([request])),
      await gasOf(() => wallet.execute([request, request])),
    ];
    return [0, two - one];
  });
  return found;
}

/** The check of all books: what a move of stake begins with, and, when it also counts growth, a fill. */
const checking =
  ({ world }: Scene, how: "settle" | "report") =>
  () =>
    world.c.accountant.connect(world.keeper)[how]({ gasLimit: MOST_GAS });

async function payments(s: Scene): Promise<Record<string, Gas>> {
  const { world, alice, newcomer, purse } = s;
  const { queue, trEth } = world.c;
  const keeper = queue.connect(world.keeper);
  for (const who of [alice, newcomer]) await trEth.connect(who).approve(queue, MaxUint256);
  await trEth.connect(alice).transfer(newcomer, ONE);
  // Two batches, each with two tickets of everybody; the ether for both is idle.
  for (let day = 0; day < 2; ++day) {
    for (const who of [alice, alice, newcomer, newcomer]) await queue.connect(who).request(ETHER, ONE / 8n, who);
    await nextDay(world.ctx.provider, 60n);
  }
  await nextDay(world.ctx.provider, 60n);
  await world.c.accountant.connect(world.keeper).report();
  const begin = (await gasOf(checking(s, "report"))) - BASE;
  const fill = () => keeper.fill(ETHER, 1n, { gasLimit: MOST_GAS });
  const first = await gasOf(fill);
  await purse?.look("fill of an ETH batch, besides the check", fill, checking(s, "report"), BASE);
  const steady = await gasOf(fill);
  const who = await alice.getAddress();
  const tickets = await queue.queryFilter(queue.filters.Requested(undefined, who));
  const ids = tickets.map(({ args }) => args.id);
  const claim = (id: bigint) => () => queue.connect(alice).claim(id);
  const claims =
    (...some: bigint[]) =>
    () =>
      queue.connect(alice).claimBatch(some);
  const batch = (...some: bigint[]) => aside(() => gasOf(claims(...some)));
  await purse?.look("further claim of a batch", claims(ids[0], ids[1]), claims(ids[0]));
  return {
    "fill of an ETH batch, besides the check": [first - begin, steady - begin],
    "claim of ETH": await aside(async () => {
      const one = await gasOf(claim(ids[0]));
      await purse?.look("claim of ETH", claim(ids[1]));
      return [one, await gasOf(claim(ids[1]))];
    }),
    "further claim of a batch": [0, (await batch(ids[0], ids[1])) - (await batch(ids[0]))],
  };
}

async function instantly({ world, alice, newcomer, purse }: Scene): Promise<Record<string, Gas>> {
  const { instant, trEth } = world.c;
  await trEth.connect(alice).transfer(newcomer, ONE);
  await trEth.connect(newcomer).approve(instant, MaxUint256);
  const redeem = () => instant.connect(newcomer).redeem(ONE / 100n, 0n, newcomer, MaxUint256, { gasLimit: MOST_GAS });
  return await aside(async () => {
    const gas: Gas = [await gasOf(redeem), await gasOf(redeem)];
    await purse?.look("redemption at once", redeem);
    return { "redemption at once": gas };
  });
}

/* CRANKS */

async function reports(s: Scene): Promise<Record<string, Gas>> {
  const { world, assets } = s;
  const report = () => world.c.accountant.connect(world.keeper).report({ gasLimit: MOST_GAS });
  const quiet = await gasOf(report);
  await s.purse?.look("report, nothing has moved", report);
  const moved = await aside(async () => {
    // What moves a stake without us: the engine's own books. The desk is only a handy owner of the delegators.
    await ethers.provider.send("hardhat_impersonateAccount", [await world.c.desk.getAddress()]);
    await ethers.provider.send("hardhat_setBalance", [await world.c.desk.getAddress(), ethers.toQuantity(100n * ONE)]);
    const desk = await ethers.getSigner(await world.c.desk.getAddress());
    for (const { delegator } of await world.c.operators.operators()) {
      const staker = await ethers.getContractAt("OperatorDelegator", delegator, desk);
      for (const asset of assets) await staker.unbond((await world.c.registry.configOf(asset)).strategy, ONE / 10n);
    }
    return gasOf(report);
  });
  return { "report, nothing has moved": [0, quiet], "report, every delegator has moved": [0, moved] };
}

async function moves(s: Scene): Promise<Record<string, Gas>> {
  const { world, alice, assets } = s;
  const { desk, queue, trEth } = world.c;
  const crank = desk.connect(world.keeper);
  const delegators = (await world.c.operators.operators()).length;
  await world.deposit(alice, "wstETH", BigInt(delegators) * 2n * ONE);
  const restaking = (operators: number) => () => crank.restake(world.asset, operators, { gasLimit: MOST_GAS });
  const restake = (operators: number) => aside(() => gasOf(restaking(operators)));
  const one = await restake(1);
  const begin = (await aside(() => gasOf(checking(s, "settle")))) - BASE;
  const found: Record<string, Gas> = { "restake one token with one operator, besides the check": [0, one - begin] };
  await s.purse?.look(
    "restake one token with one operator, besides the check",
    restaking(1),
    checking(s, "settle"),
    BASE,
  );
  if (delegators > 1) found["restake with each further operator"] = [0, (await restake(2)) - one];
  await trEth.connect(alice).approve(queue, MaxUint256);
  await crank.restake(world.asset, 16n, { gasLimit: MOST_GAS });
  await queue.connect(alice).request(world.asset, ONE * 3n, alice);
  await nextDay(world.ctx.provider, 60n);
  found["unbond one token from one operator"] = [
    0,
    await gasOf(() => crank.unbond(assets[0], 1n, { gasLimit: MOST_GAS })),
  ];
  await nextDay(world.ctx.provider, 60n);
  const owed = await Promise.all(
    Array.from({ length: delegators }, (_, id) => crank.complete.staticCall(id, 16n, { gasLimit: MOST_GAS })),
  );
  const id = owed.findIndex((count) => count > 0n);
  found["complete one withdrawal"] = [0, await gasOf(() => crank.complete(id, 1n, { gasLimit: MOST_GAS }))];
  return found;
}

/** Every operation at one size, in the order of the table; `spent` is told where the gas of some of them goes. */
export async function measureAt(assets: number, delegators: number, spent?: Record<string, Breakdown>): Promise<Row[]> {
  const s = await scene(assets, delegators);
  if (spent !== undefined) s.purse = await Purse.of(s.world, spent);
  const found: Record<string, Gas> = {};
  for (const part of [holding, deposits, requests, instantly, reports, payments, moves]) {
    Object.assign(found, await aside(() => part(s)));
  }
  const unknown = Object.keys(found).filter((name) => OPERATIONS[name] === undefined);
  if (unknown.length > 0) throw new Error(`no terms for ${unknown.join(", ")}`);
  return Object.keys(OPERATIONS)
    .filter((operation) => operation in found)
    .map((operation): Row => {
      const [first, steady] = found[operation];
      const budget = budgetOf(operation, assets, delegators) ?? 0;
      return { scope: "protocol", operation, assets, delegators, first, steady, budget };
    });
}
