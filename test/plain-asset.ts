import type { Contract } from "ethers";
import { ethers } from "hardhat";
import { ETHER, type World } from "../scripts/sim/world";
import type { ERC20Mock } from "../typechain-types";
import { as, ether } from "./checks";

/** Ether value of 1e18 units of a plain token. */
export const RATE = ether("1.25");

/** Accepts a plain token, worth 1.25 ether, whose strategy holds the token itself. */
export async function accept(world: World, token: Pick<ERC20Mock, "getAddress"> | Contract): Promise<string> {
  const { ctx, c } = world;
  const address = await token.getAddress();
  const strategy = await ethers.deployContract("StrategyBase", [
    ctx.address("StrategyManager"),
    ctx.address("PauserRegistry"),
    address,
  ]);
  const { admin, adminDelaySeconds } = ctx.config.governance;
  const whitelister = c.strategies.connect(await as(admin));
  await whitelister.addStrategiesToDepositWhitelist([strategy]);
  const config = {
    strategy: await strategy.getAddress(),
    rateSource: await (await ethers.deployContract("FixedRateMock", [address, RATE, ETHER, 0n])).getAddress(),
    cap: ether("1000"),
    minDeposit: 1n,
    haircutBps: 0n,
    inflowBps: 500n,
    inflowFloor: ether("1000"),
  };
  const data = c.registry.interface.encodeFunctionData("addAsset", [address, config]);
  const governed = c.manager.connect(await as(admin));
  await governed.schedule(c.registry, data, 0);
  await world.pass(adminDelaySeconds + 60n);
  await governed.execute(c.registry, data);
  return address;
}
