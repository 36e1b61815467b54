import { expect } from "chai";
import { declarations } from "../../../scripts/check/rules/declarations";
import { division } from "../../../scripts/check/rules/division";
import { natspec } from "../../../scripts/check/rules/natspec";
import { reasons } from "../../../scripts/check/rules/reasons";
import { violations } from "./made-up";

describe("check: declarations", () => {
  it("accepts errors and events of interface files, and the errors of the engine's libraries", () => {
    const found = violations(declarations, {
      "contracts/lrt/interfaces/IQueue.sol":
        "interface IQueue {\n error Late(uint256 at);\n event Joined(uint256 id);\n}",
      "contracts/lrt/Queue.sol":
        "// error Old(uint256);\ncontract Queue { function f() external { revert IQueue.Late(1); } }",
      "contracts/restaking/lib/Proofs.sol": "library Proofs {\n error InvalidProof();\n}",
    });
    expect(found).to.deep.equal([]);
  });

  it("finds an error in a contract, an event in a library and an engine contract's error", () => {
    const found = violations(declarations, {
      "contracts/lrt/Issuer.sol": "contract Issuer {\n error Late();\n}",
      "contracts/restaking/Pod.sol": "contract Pod {\n error Early();\n}",
      "contracts/shared/Ledger.sol": "library Ledger {\n event Joined(uint256 id);\n}",
    });
    expect(found).to.deep.equal(
      [
        "contracts/shared/Ledger.sol:2 event Joined belongs in an interface file",
        "contracts/restaking/Pod.sol:2 error Early belongs in an interface file",
        "contracts/lrt/Issuer.sol:2 error Late belongs in an interface file",
      ].sort(),
    );
  });

  it("finds an error that is declared twice", () => {
    const found = violations(declarations, {
      "contracts/lrt/interfaces/IA.sol": "interface IA {\n error Late();\n}",
      "contracts/lrt/interfaces/IB.sol": "interface IB {\n\n error Late();\n}",
      "contracts/restaking/interfaces/IC.sol": "interface IC {\n error Late();\n}",
    });
    expect(found).to.deep.equal([
      "contracts/lrt/interfaces/IB.sol:3 error Late is already declared in contracts/lrt/interfaces/IA.sol:2",
    ]);
  });
});

describe("check: natspec", () => {
  it("accepts line and block comments, and views without a caller", () => {
    const found = violations(natspec, {
      "contracts/lrt/IQueue.sol": [
        "interface IQueue {",
        "    /// @notice Joins.",
        "    /// @dev Caller: anyone.",
        "    function join(uint256 shares) external;",
        "    /** @notice Leaves. Caller: the owner. */",
        "    function leave(",
        "        uint256 id",
        "    ) external;",
        "    /// @notice How many.",
        "    function length() external view returns (uint256);",
        "}",
      ],
    });
    expect(found).to.deep.equal([]);
  });

  it("finds a missing notice and a missing caller", () => {
    const found = violations(natspec, {
      "contracts/restaking/interfaces/IPod.sol": [
        "interface IPod {",
        "    /// @notice Joins.",
        "    function join() external;",
        "    function length() external view returns (uint256);",
        "    /// @notice Told.",
        "    error Told();",
        "    error Untold(uint256 limit);",
        "}",
      ],
    });
    expect(found).to.deep.equal([
      "contracts/restaking/interfaces/IPod.sol:3 join does not say `Caller:`",
      "contracts/restaking/interfaces/IPod.sol:4 length has no @notice",
      "contracts/restaking/interfaces/IPod.sol:7 Untold has no @notice",
    ]);
  });
});

describe("check: division", () => {
  it("accepts comments, strings, shared/math and an escape with a reason", () => {
    const found = violations(division, {
      "contracts/lrt/A.sol":
        '/* a / b */\nstring s = "a/b"; // a / b\nuint256 day = now_ / 86_400; // not an amount: time',
      "contracts/shared/math/Wad.sol": "a / b",
    });
    expect(found).to.deep.equal([]);
  });

  it("finds a bare division, also in an assignment or with an escape that gives no reason", () => {
    const found = violations(division, { "contracts/lrt/A.sol": "x = a / b;\nx /= 2;\nx = a / b; // not an amount:" });
    expect(found.map((line) => line.split(" ")[0])).to.deep.equal([1, 2, 3].map((n) => `contracts/lrt/A.sol:${n}`));
  });
});

describe("check: reasons", () => {
  it("accepts a comment before, beside or inside", () => {
    const found = violations(reasons, {
      "contracts/lrt/A.sol":
        "// i < length\nunchecked { i++; }\n\nunchecked { i++; } // i < length\n\nunchecked {\n  // why\n}",
    });
    expect(found).to.deep.equal([]);
  });

  it("finds blocks without a reason", () => {
    const found = violations(reasons, {
      "contracts/restaking/A.sol": 'unchecked { i++; }\n\n\nassembly ("memory-safe") {\n}\n\n// far away',
    });
    expect(found.map((line) => line.split(" ").slice(0, 2).join(" "))).to.deep.equal([
      "contracts/restaking/A.sol:1 unchecked",
      "contracts/restaking/A.sol:4 assembly",
    ]);
  });
});
