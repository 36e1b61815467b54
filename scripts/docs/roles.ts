import { readFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "../../deploy/config/local";
import { parseConfig } from "../../deploy/config/schema";
import { PERMISSIONS, type RoleName } from "../../deploy/steps/roles";
import { codeOnly } from "../check/source";
import { isInterfaceFile, solidity, type Tree } from "../check/tree";
import { table } from "./table";

/** The worst that whoever may call a function can do with it. A function without a line here fails the build. */
const WORST: Record<string, string> = {
  upgradeToAndCall: "Replaces the code: anything. Everybody can have left before it happens.",
  "DelegatorBeacon.upgradeTo": "Replaces the stakers' code: all restaked assets. Everybody can have left before.",
  "DepositPool.pauseDeposits": "No deposits for three days, then none of his pauses for seven.",
  "DepositPool.resumeDeposits": "Ends his own pause; a closing by the alarm stays.",
  "InstantRedeemer.pauseInstant":
    "No instant redemption for three days, then none of his pauses for seven; the line stays.",
  "InstantRedeemer.resumeInstant": "Ends his own pause; a closing by the alarm stays.",
  "RewardsRouter.recogniseSurplus": "Gives the holders, along the growth cap, what a stranger sent by mistake.",
  "RewardsRouter.lowerFloor": "Rewards are sold for less than they are worth, when nobody else bids.",
  "RewardsRouter.raiseFloor": "A reward token is no longer sold: it waits until the floor is lowered again.",
  "RewardsRouter.pauseAuctions": "Rewards wait for three days, then none of his pauses for seven; running lots end.",
  "RewardsRouter.resumeAuctions": "Ends his own pause.",
  "AssetRegistry.addAsset": "Accepts an asset that turns out worthless, up to its cap.",
  "AssetRegistry.raiseCap": "More of the pool depends on one asset.",
  "AssetRegistry.lowerHaircut": "Round trips through a falling asset cost their makers less, the holders more.",
  "AssetRegistry.raiseInflowLimit":
    "More of an asset may come in within a day, up to a fifth of the supply or the floor.",
  "AssetRegistry.lowerCap": "No more deposits in an asset.",
  "AssetRegistry.raiseHaircut": "Deposits in an asset mint fewer shares; within the hard limit.",
  "AssetRegistry.lowerInflowLimit": "No more deposits in an asset.",
  "Accountant.raiseFee": "Takes up to 20 % of gains that are not yet recognised.",
  "Accountant.setFeeRecipient": "Sends the fee elsewhere.",
  "Accountant.lowerFee": "The protocol earns less.",
  "OperatorRegistry.addOperator": "Takes on an operator that is slashed or idle, up to the operator cap.",
  "OperatorRegistry.raiseWeight": "More stake with one operator, up to the operator cap.",
  "OperatorRegistry.release": "Lets an operator that was set aside have stake again.",
  "OperatorRegistry.moveToEntity": "Gives two caps to operators that one entity controls.",
  "OperatorRegistry.lowerWeight":
    "Moves stake away from an operator; at zero all of it is brought back and earns no AVS rewards.",
  "OperatorRegistry.quarantine": "Brings an operator's stake back; while it is on its way it earns no AVS rewards.",
  "OperatorRegistry.mergeEntities":
    "Counts all operators as one: nothing more is restaked, no allocation raised; what there is stays.",
  "SetRegistry.raiseSetCap": "Lets a set slash more, within the hard limit.",
  "SetRegistry.raiseAvsCap": "Lets all sets of an AVS slash more, within the hard limit.",
  "SetRegistry.verifySlasher":
    "Lets more be allocated to sets of a slasher than it is proven to take, within the reserve.",
  "SetRegistry.dropSet": "Ends the rewards of a set.",
  "SetRegistry.lowerSetCap": "Lowers allocations to a set, down to none.",
  "SetRegistry.lowerAvsCap": "Lowers allocations to an AVS, down to none.",
  "SetRegistry.unverifySlasher": "Lowers allocations to the sets of a slasher, down to what counts in full.",
  "SetRegistry.proposeSet": "Publishes terms that nobody wants; nothing is allocated, and tightening drops them.",
  "SetRegistry.reportRewardRate": "Decides which approved set comes first where caps leave too little for all targets.",
  "AllocationController.raiseTarget": "Puts more of an operator's stake at a set's mercy, within caps and reserve.",
  "AllocationController.lowerTarget": "Lowers an operator's allocation to a set, down to none.",
  "AllocationController.deregister": "Takes an operator out of a set: it earns nothing there.",
  "AllocationController.pauseIncreases": "No allocation is raised for three days, then none of his pauses for seven.",
  "AllocationController.resumeIncreases": "Ends his own pause.",
};

/** What a role is for. */
const ROLES: Record<RoleName, string> = {
  ADMIN: "gives and takes roles and says which role may call what",
  LOOSENING: "raises risk, or delays or prices an exit",
  TIGHTENING: "lowers risk",
  GUARDIAN: "pauses what may be paused, for a bounded time",
  PROPOSING: "announces what then waits in public, and reports what needs no trust",
};

/** Functions that the sources mark `restricted`, as Contract.function; an upgrade counts for every governed module. */
export function restrictedFunctions(tree: Tree): string[] {
  return solidity(tree, "lrt")
    .filter((file) => !isInterfaceFile(file))
    .flatMap((file) => {
      const code = codeOnly(tree.read(file));
      const contract = /\bcontract\s+(\w+)([^{]*)/.exec(code);
      if (contract === null || /\babstract\s+contract/.test(code)) return [];
      const own = [...code.matchAll(/\bfunction\s+(\w+)[^;{]*\brestricted\b[^;{]*\{/g)].map(([, name]) => name);
      const upgrade = contract[2].includes("GovernedModule") ? ["upgradeToAndCall"] : [];
      return [...upgrade, ...own].map((name) => `${contract[1]}.${name}`);
    });
}

function configured(): { contract: string; role: RoleName; name: string }[] {
  return Object.entries(PERMISSIONS).flatMap(([contract, byRole]) =>
    Object.entries(byRole).flatMap(([role, names]) =>
      names.map((name) => ({ contract, role: role as RoleName, name })),
    ),
  );
}

/** What is marked `restricted` without a role, and what has a role without being marked. */
export function unassigned(tree: Tree): string[] {
  const marked = restrictedFunctions(tree);
  const given = configured().map(({ contract, name }) => `${contract}.${name}`);
  return [
    ...marked.filter((name) => !given.includes(name)).map((name) => `${name} is restricted, but no role may call it`),
    ...given
      .filter((name) => !marked.includes(name) && !name.startsWith("DelegatorBeacon."))
      .map((name) => `${name} has a role, but is not restricted`),
  ];
}

function worst(contract: string, name: string): string {
  const text = WORST[`${contract}.${name}`] ?? WORST[name];
  if (text === undefined) throw new Error(`scripts/docs/roles.ts does not say the worst of ${contract}.${name}`);
  return text;
}

function lasting(seconds: bigint): string {
  const minutes = (seconds % 86_400n) / 60n;
  return `${seconds / 86_400n} days${minutes === 0n ? "" : ` and ${minutes} minutes`}`;
}

export function roles(tree: Tree): string {
  const wrong = unassigned(tree);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  const { governance, withdrawals } = parseConfig(local);
  const waits = (role: RoleName) => (role === "ADMIN" || role === "LOOSENING" ? "at least the exit time" : "none");
  const pause = readFileSync(join(tree.root, "contracts/shared/pause/ExpiringPause.sol"), "utf8");
  const [longest, rest] = ["LONGEST", "REST"].map((name) => new RegExp(`${name} = ([^;]+);`).exec(pause)?.[1] ?? "");
  return [
    "# Who may call what",
    "Generated by `npm run docs` from `deploy/steps/roles.ts`: do not edit. Everything that is not here is open to anyone or belongs to another contract of the protocol, whose address is an immutable.",
    table(
      ["role", "what for", "delay"],
      Object.entries(ROLES).map(([role, what]) => [role, what, waits(role as RoleName)]),
    ),
    `On a local chain leaving takes at most ${lasting(withdrawals.exitTimeSeconds)}, and the delay is ${lasting(governance.adminDelaySeconds)}. A deployment whose delay is shorter than its exit time is refused. The guardian's pauses last at most ${longest}, with ${rest} of rest after each. The deployer ends with no role.`,
    ...Object.keys(PERMISSIONS).map((contract) =>
      [
        `## ${contract}`,
        table(
          ["function", "role", "delay", "the worst its holder can do"],
          configured()
            .filter((entry) => entry.contract === contract)
            .map(({ role, name }) => [`\`${name}\``, role, waits(role), worst(contract, name)]),
        ),
      ].join("\n\n"),
    ),
    "## PatientAccessManager",
    "ADMIN alone, after its delay: grants and revokes roles and assigns functions to roles. The worst is what the role it gives away can do: whoever sees such a change scheduled must read it as everything it would permit.",
    "Delays count only the seconds in which pay-outs at the rate are open (`Accountant.openSeconds`), and closed doors hold a decision up by at most 30 days (`PatientAccessManager.PATIENCE`). `readyAt` answers when a scheduled operation can be executed.",
  ].join("\n\n");
}
