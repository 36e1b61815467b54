import type { Signer } from "ethers";
import { Contract } from "ethers";
import {
  deployContract,
  deployEngine,
  deployStrategy,
  type EngineAddresses,
  type LoadArtifact,
} from "../../deploy/lib/engine";

/** An engine to develop against: a test token that anyone mints, its strategy, and a registrar that lets everyone in. */
export interface Kit extends EngineAddresses {
  token: string;
  strategy: string;
  registrar: string;
}

/** Blocks: short, so that a test need not mine a week. */
const WITHDRAWAL_DELAY = 10;
const DEALLOCATION_DELAY = 5;
const CONFIGURATION_DELAY = 2;

/** Deploys it all; the deployer owns, pauses and whitelists. */
export async function deployKit(deployer: Signer, artifact: LoadArtifact): Promise<Kit> {
  const deployment = { deployer, artifact };
  const owner = await deployer.getAddress();
  const engine = await deployEngine({
    ...deployment,
    config: {
      minWithdrawalDelayBlocks: WITHDRAWAL_DELAY,
      deallocationDelayBlocks: DEALLOCATION_DELAY,
      allocationConfigurationDelayBlocks: CONFIGURATION_DELAY,
      owner,
      strategyWhitelister: owner,
      pausers: [owner],
      unpauser: owner,
    },
  });
  const token = await deployContract(deployment, "ERC20Mock", ["Test token", "TEST"]);
  const registrar = await deployContract(deployment, "AVSRegistrarMock", []);
  const strategy = await deployStrategy(deployment, engine, token);
  const { abi } = await artifact("StrategyManager");
  const manager = new Contract(engine.strategyManager, abi, deployer);
  const whitelisting = (await manager.addStrategiesToDepositWhitelist([strategy])) as { wait(): Promise<unknown> };
  await whitelisting.wait();
  return { ...engine, token, strategy, registrar };
}
