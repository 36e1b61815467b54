import { getCreateAddress, type JsonRpcApiProvider } from "ethers";

/** ERC-1967: keccak256("eip1967.proxy.implementation") - 1. */
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

/** The implementation behind an ERC-1967 proxy. */
export async function implementationOf(provider: JsonRpcApiProvider, proxy: string): Promise<string> {
  const word = await provider.getStorage(proxy, IMPLEMENTATION_SLOT);
  return `0x${word.slice(-40)}`;
}

/** Whether an address is a contract. */
export async function hasCode(provider: JsonRpcApiProvider, address: string): Promise<boolean> {
  return (await provider.getCode(address)) !== "0x";
}

/** Contracts that a constructor creates have other addresses when it is simulated: blank the first few. */
function blankChildren(code: string, parent: string): { code: string; holes: number[] } {
  const holes: number[] = [];
  for (const nonce of [1, 2, 3, 4]) {
    const child = getCreateAddress({ from: parent, nonce }).slice(2).toLowerCase();
    for (let at = code.indexOf(child); at !== -1; at = code.indexOf(child, at + 1)) holes.push(at);
  }
  return { code: blank(code, holes), holes };
}

function blank(code: string, holes: number[]): string {
  return holes.reduce((text, at) => text.slice(0, at) + "-".repeat(40) + text.slice(at + 40), code);
}

/**
 * Whether an address has exactly the code that `initCode` (with its constructor arguments) leaves there. The node runs
 * the constructor at that very address, in a call, with empty storage; immutables are therefore compared too.
 */
export async function isBuiltFrom(
  provider: JsonRpcApiProvider,
  address: string,
  initCode: string,
  from: string,
): Promise<boolean> {
  const overrides = { [address]: { code: initCode, state: {} } };
  const expected = (await provider.send("eth_call", [{ from, to: address }, "latest", overrides])) as string;
  const actual = blankChildren((await provider.getCode(address)).toLowerCase(), address);
  return actual.code === blank(expected.toLowerCase(), actual.holes);
}
