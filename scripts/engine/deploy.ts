import { Contract, type ContractTransactionResponse, type Signer } from "ethers";
import {
  deployContract,
  deployEngine,
  deployStrategyFactory,
  type EngineAddresses,
  type LoadArtifact,
} from "../../deploy/lib/engine";

/**
 * An engine to develop against: a factory of strategies, a test token that anyone mints, its strategy, and a registrar
 * that lets everyone in.
 */
export interface Kit extends EngineAddresses {
  strategyFactory: string;
  token: string;
  strategy: string;
  registrar: string;
}

/** Blocks: short, so that a test need not mine a week. */
export const WITHDRAWAL_DELAY = 10;
const DEALLOCATION_DELAY = 5;
const CONFIGURATION_DELAY = 2;

/** Deploys it all; the deployer owns and pauses, the factory chooses the strategies. */
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
  const strategyFactory = await deployStrategyFactory(deployment, engine, owner);
  const at = async (name: string, address: string) => new Contract(address, (await artifact(name)).abi, deployer);
  const send = async (sent: Promise<unknown>) => ((await sent) as ContractTransactionResponse).wait();
  const manager = await at("StrategyManager", engine.strategyManager);
  await send(manager.setStrategyWhitelister(strategyFactory));
  const factory = await at("StrategyFactory", strategyFactory);
  await send(factory.deployNewStrategy(token));
  const strategy = (await factory.deployedStrategies(token)) as string;
  return { ...engine, strategyFactory, token, strategy, registrar };
}
