import { MaxUint256, ZeroAddress, type Contract, type Signer } from "ethers";
import { artifacts, ethers } from "hardhat";
import { local } from "../../deploy/config/local";
import { parseConfig, type Config, type ConfigInput } from "../../deploy/config/schema";
import { deployEngine, deployStrategy, type EngineAddresses } from "../../deploy/lib/engine";
import type { LidoWithdrawalQueueMock, OracleAvs, StETHMock, StrategyManager } from "../../typechain-types";
import { withoutBuffer } from "../world";

const artifact = (name: string) => artifacts.readArtifact(name);
const WAD = 10n ** 18n;
const DELAY = 50;

/** Everything that stands on a public chain before we come: engine, strategy, AVS, Lido, WETH. None of it is ours. */
export interface Outside {
  owner: Signer;
  engine: EngineAddresses;
  strategy: string;
  stETH: StETHMock;
  wstETH: Contract;
  lidoQueue: LidoWithdrawalQueueMock;
  weth: string;
  avs: OracleAvs;
}

async function deployed<T = Contract>(owner: Signer, name: string, args: unknown[]): Promise<T> {
  const factory = await ethers.getContractFactory(name, owner);
  return (await (await factory.deploy(...args)).waitForDeployment()) as unknown as T;
}

/** An issuer with its three contracts. */
export async function lidoOf(owner: Signer) {
  const stETH = await deployed<StETHMock>(owner, "StETHMock", [{ value: WAD }]);
  const wstETH = await deployed(owner, "WstETHMock", [await stETH.getAddress()]);
  const lidoQueue = await deployed<LidoWithdrawalQueueMock>(owner, "LidoWithdrawalQueueMock", [
    await wstETH.getAddress(),
  ]);
  await stETH.setWithdrawalQueue(await lidoQueue.getAddress());
  return { stETH, wstETH, lidoQueue };
}

async function strategyOf(owner: Signer, engine: EngineAddresses, token: StETHMock): Promise<string> {
  const strategy = await deployStrategy({ deployer: owner, artifact }, engine, await token.getAddress());
  const manager = (await ethers.getContractAt("StrategyManager", engine.strategyManager, owner)) as unknown;
  const strategies = manager as StrategyManager;
  await strategies.addStrategiesToDepositWhitelist([strategy]);
  // Somebody else's stake, and earnings: a share of the strategy is not a unit of its token.
  await token.submit(await owner.getAddress(), { value: 10n * WAD });
  await token.approve(engine.strategyManager, MaxUint256);
  await strategies.depositIntoStrategy(strategy, await token.getAddress(), 5n * WAD);
  await token.transfer(strategy, WAD / 10n);
  return strategy;
}

/** Deploys the outside world from an account that has nothing to do with ours. */
export async function outsideWorld(): Promise<Outside> {
  const owner = await ethers.provider.getSigner(19);
  const account = await owner.getAddress();
  const engine = await deployEngine({
    deployer: owner,
    artifact,
    config: {
      minWithdrawalDelayBlocks: DELAY,
      deallocationDelayBlocks: DELAY,
      allocationConfigurationDelayBlocks: 75,
      owner: account,
      strategyWhitelister: account,
      pausers: [account],
      unpauser: account,
    },
  });
  const lido = await lidoOf(owner);
  const strategy = await strategyOf(owner, engine, lido.stETH);
  const weth = await (await deployed(owner, "WETH9Mock", [])).getAddress();
  const oracle = [
    engine.allocationManager,
    engine.rewardsCoordinator,
    "https://example.org/avs.json",
    [[strategy], [strategy]],
    { minStake: 0n, roundLength: 86_400n, absences: 3n, ofRounds: 7n, slashWad: WAD, cooldown: 0n },
    {
      boundBps: 0n,
      slashWad: 0n,
      cooldown: 0n,
      veto: { vetoWindow: 0n, executionWindow: 0n, secondsPerBlock: 12n, committee: ZeroAddress },
    },
  ];
  return { owner, engine, strategy, weth, avs: await deployed<OracleAvs>(owner, "OracleAvs", oracle), ...lido };
}

/** The local configuration, without a buffer, with every contract of others named by its address. */
export async function externalInput(outside: Outside, avss: ConfigInput["avss"]): Promise<ConfigInput> {
  const { engine, strategy, stETH, wstETH, lidoQueue, weth } = outside;
  return {
    ...structuredClone(withoutBuffer(local)),
    engine: {
      kind: "external",
      delegationManager: engine.delegationManager,
      strategyManager: engine.strategyManager,
      allocationManager: engine.allocationManager,
      permissionController: engine.permissionController,
      rewardsCoordinator: engine.rewardsCoordinator,
    },
    lido: {
      kind: "external",
      stETH: await stETH.getAddress(),
      wstETH: await wstETH.getAddress(),
      withdrawalQueue: await lidoQueue.getAddress(),
    },
    weth: { kind: "external", address: weth },
    assets: [{ ...local.assets[0], strategy: { kind: "external", address: strategy } }],
    avss,
    rewards: { ...local.rewards, floors: [] },
  };
}

/** The AVS of others, with both its sets. */
export async function othersAvs({ avs }: Outside): Promise<ConfigInput["avss"]> {
  const contract = { kind: "external" as const, address: await avs.getAddress() };
  const sets = [0, 1].map((id) => ({ id, capBps: 500, targetBps: 400, group: "oracles" }));
  return [{ name: "others-oracle", contract, capBps: 1_000, sets }];
}

export async function externalConfig(outside: Outside, avss?: ConfigInput["avss"]): Promise<Config> {
  return parseConfig(await externalInput(outside, avss ?? (await othersAvs(outside))));
}
