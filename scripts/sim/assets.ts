import { ethers } from "hardhat";
import { parseEther, type BaseContract } from "ethers";
import { ETHER, type World } from "./world";

/** Ether value of 1e18 units of a plain token. */
export const PLAIN_RATE = parseEther("1.25");

const fixedSource = (token: string): Promise<BaseContract> =>
  ethers.deployContract("FixedRateMock", [token, PLAIN_RATE, ETHER, 0n]);

/**
 * Accepts plain tokens, each worth 1.25 ether and with a strategy that holds the token itself, after one wait of
 * governance.
 * @param cap What the pool takes of each [units].
 * @param inflowFloor What it takes of each in a day, however small the supply [units].
 * @param sourceOf Deploys what tells a token's rate; without it the rate never moves.
 */
export async function acceptPlain(
  world: World,
  tokens: string[],
  cap: bigint,
  inflowFloor: bigint,
  sourceOf: (token: string) => Promise<BaseContract> = fixedSource,
): Promise<void> {
  if (tokens.length === 0) return;
  const { ctx, c } = world;
  const { admin, adminDelaySeconds } = ctx.config.governance;
  const governor = await world.signer(admin);
  const [strategies, governed] = [c.strategies.connect(governor), c.manager.connect(governor)];
  const decisions: string[] = [];
  for (const token of tokens) {
    const parts = [ctx.address("StrategyManager"), ctx.address("PauserRegistry"), token];
    const strategy = await (await ethers.deployContract("StrategyBase", parts)).getAddress();
    await strategies.addStrategiesToDepositWhitelist([strategy]);
    const rateSource = await sourceOf(token);
    const config = {
      strategy,
      rateSource: await rateSource.getAddress(),
      cap,
      minDeposit: 1n,
      haircutBps: 0n,
      inflowBps: 500n,
      inflowFloor,
    };
    const decision = c.registry.interface.encodeFunctionData("addAsset", [token, config]);
    await governed.schedule(c.registry, decision, 0);
    decisions.push(decision);
  }
  await world.pass(adminDelaySeconds + 60n);
  for (const decision of decisions) await governed.execute(c.registry, decision);
}
