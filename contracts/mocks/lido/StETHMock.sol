// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStETH} from "../../shared/external/IStETH.sol";
import {LidoWithdrawalQueueMock} from "./LidoWithdrawalQueueMock.sol";

/// @title StETHMock
/// @notice A stand-in for Lido's stETH whose beacon chain is moved by whoever calls.
/// @dev Keeps: shares under a rebasing balance and their rounding, transfers by share, token allowances, permit, the refusal
///      of transfers to zero and to itself, stop, staking pause and limit, events, and real ether behind every stETH.
///      Simplifies: the pool's ether is this contract's; one number instead of buffer, validators and vaults; no fee
///      shares, no daily smoothing or sanity check of reports; a stake limit that never regrows; no permit of contracts;
///      custom errors instead of strings, with balances in shares. Everything under THE REPORT and THE SWITCHES is open
///      to anyone.
contract StETHMock is IStETH, IERC20Errors, IERC20Permit, EIP712, Nonces {
    /* ERRORS */

    error ConversionTooLarge(uint256 amount, uint256 limit);
    error DeadlineExpired(uint256 time, uint256 deadline);
    error ExactEtherNeeded(uint256 sent, uint256 needed);
    error InvalidSignature(address signer, address owner);
    error QueueUnknown();
    error StakeLimitExceeded(uint256 amount, uint256 limit);
    error StakingPaused();
    error Stopped();
    error ZeroDeposit();

    /* CONSTANTS */

    // The names are the ABI of ERC-20.
    /* solhint-disable const-name-snakecase */
    string public constant name = "Liquid staked Ether 2.0";
    string public constant symbol = "stETH";
    uint8 public constant decimals = 18;
    /* solhint-enable const-name-snakecase */

    /// @notice Holder of the first shares, and where lost ether goes: nobody has its key.
    address public constant DEAD = 0x000000000000000000000000000000000000dEaD;

    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );
    uint256 private constant CONVERSION_LIMIT = 2 ** 128;
    uint256 private constant E27 = 1e27; // scale of a share rate

    /* STORAGE */

    mapping(address account => uint256) private _shares;
    mapping(address owner => mapping(address spender => uint256)) private _allowances;
    uint256 private _totalShares;
    uint256 private _pooledEther; // ≤ this contract's balance
    uint256 private _stakeLimit = type(uint256).max;
    uint256 private _lastReportAt;
    bool private _stopped;
    bool private _stakingPaused;

    /// @notice The line that `finalizeWithdrawals` serves.
    LidoWithdrawalQueueMock public withdrawalQueue;

    /* SETUP */

    /// @dev The ether sent becomes the first shares, one wei each, so that neither total is ever zero.
    constructor() payable EIP712("Liquid staked Ether 2.0", "2") {
        require(msg.value > 0, ZeroDeposit());
        _pooledEther = msg.value;
        _lastReportAt = block.timestamp;
        emit Submitted(DEAD, msg.value, address(0));
        _mintShares(DEAD, msg.value);
    }

    /// @notice Tells which line to serve.
    function setWithdrawalQueue(LidoWithdrawalQueueMock withdrawalQueue_) external {
        withdrawalQueue = withdrawalQueue_;
    }

    /* STAKING */

    receive() external payable {
        _submit(address(0));
    }

    /// @inheritdoc IStETH
    function submit(address referral) external payable returns (uint256 shares) {
        return _submit(referral);
    }

    /* TRANSFERS */

    /// @inheritdoc IERC20
    function transfer(address recipient, uint256 amount) external returns (bool) {
        _transfer(msg.sender, recipient, amount, getSharesByPooledEth(amount));
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address sender, address recipient, uint256 amount) external returns (bool) {
        _spendAllowance(sender, amount);
        _transfer(sender, recipient, amount, getSharesByPooledEth(amount));
        return true;
    }

    /// @inheritdoc IStETH
    function transferShares(address recipient, uint256 sharesAmount) external returns (uint256 tokensAmount) {
        tokensAmount = getPooledEthByShares(sharesAmount);
        _transfer(msg.sender, recipient, tokensAmount, sharesAmount);
    }

    /// @inheritdoc IStETH
    function transferSharesFrom(
        address sender,
        address recipient,
        uint256 sharesAmount
    ) external returns (uint256 tokensAmount) {
        tokensAmount = getPooledEthBySharesRoundUp(sharesAmount);
        _spendAllowance(sender, tokensAmount);
        _transfer(sender, recipient, tokensAmount, sharesAmount);
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 amount) external returns (bool) {
        _approve(msg.sender, spender, amount);
        return true;
    }

    /// @inheritdoc IERC20Permit
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        require(block.timestamp <= deadline, DeadlineExpired(block.timestamp, deadline));
        bytes32 content = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, _useNonce(owner), deadline));
        address signer = ECDSA.recover(_hashTypedDataV4(content), v, r, s);
        require(signer == owner, InvalidSignature(signer, owner));
        _approve(owner, spender, value);
    }

    /* THE REPORT */

    /// @notice A report in which validators earned the ether sent.
    function reward() external payable {
        _rebase(_pooledEther + msg.value);
    }

    /// @notice A report in which validators lost this ether [wei].
    function penalize(uint256 etherAmount) external {
        _rebase(_pooledEther - etherAmount);
    }

    /// @notice A report that finds this total [wei]; a gain is sent with the call to the wei, a loss is burnt.
    function setTotalPooledEther(uint256 newPooledEther) external payable {
        uint256 gain = Math.saturatingSub(newPooledEther, _pooledEther);
        require(msg.value == gain, ExactEtherNeeded(msg.value, gain));
        _rebase(newPooledEther);
    }

    /// @notice A report without gain or loss that pays the oldest requests at the present share rate.
    /// @dev As Lido does it: their ether leaves the pool and all their shares burn, so what a request did not earn while
    ///      it waited stays with the holders. In bunker mode only requests older than the incident are paid. The two
    ///      hours a request must be old are left out.
    /// @param maxRequests Most requests to pay now.
    /// @return lastRequestId Newest request paid, zero if none was.
    function finalizeWithdrawals(uint256 maxRequests) external returns (uint256 lastRequestId) {
        LidoWithdrawalQueueMock queue = withdrawalQueue;
        require(address(queue) != address(0), QueueUnknown());
        uint256 maxShareRate = Math.mulDiv(_pooledEther, E27, _totalShares);
        uint256[] memory batches = queue.finalizationBatches(maxShareRate, maxRequests);
        if (batches.length == 0) return 0;
        lastRequestId = batches[batches.length - 1];
        (uint256 ethToLock, uint256 sharesToBurn) = queue.prefinalize(batches, maxShareRate);

        (uint256 preShares, uint256 preEther) = (_totalShares, _pooledEther);
        uint256 preTokens = getPooledEthByShares(sharesToBurn);
        _takeShares(address(queue), sharesToBurn);
        _totalShares = preShares - sharesToBurn;
        _pooledEther = preEther - ethToLock;
        emit SharesBurnt(address(queue), preTokens, getPooledEthByShares(sharesToBurn), sharesToBurn);
        _emitReport(preShares, preEther);
        queue.finalize{value: ethToLock}(lastRequestId, maxShareRate);
    }

    /* THE SWITCHES */

    /// @notice Stops transfers and staking.
    function stop() external {
        _stopped = true;
        _stakingPaused = true;
    }

    /// @notice Ends a stop and a staking pause.
    function resume() external {
        _stopped = false;
        _stakingPaused = false;
    }

    /// @notice Closes `submit`.
    function pauseStaking() external {
        _stakingPaused = true;
    }

    /// @notice Opens `submit`.
    function resumeStaking() external {
        _stakingPaused = false;
    }

    /// @notice Sets how much ether [wei] may still be staked; the largest number is no limit.
    function setStakeLimit(uint256 stakeLimit) external {
        _stakeLimit = stakeLimit;
    }

    /* VIEWS */

    /// @inheritdoc IERC20
    function totalSupply() external view returns (uint256) {
        return _pooledEther;
    }

    /// @inheritdoc IERC20
    function balanceOf(address account) external view returns (uint256) {
        return getPooledEthByShares(_shares[account]);
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(IERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    /// @inheritdoc IERC20Permit
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IERC20
    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
    }

    /// @inheritdoc IStETH
    function sharesOf(address account) external view returns (uint256) {
        return _shares[account];
    }

    /// @inheritdoc IStETH
    function getTotalShares() external view returns (uint256) {
        return _totalShares;
    }

    /// @inheritdoc IStETH
    function getTotalPooledEther() external view returns (uint256) {
        return _pooledEther;
    }

    /// @inheritdoc IStETH
    function isStopped() external view returns (bool) {
        return _stopped;
    }

    /// @inheritdoc IStETH
    function isStakingPaused() external view returns (bool) {
        return _stakingPaused;
    }

    /// @inheritdoc IStETH
    function getCurrentStakeLimit() external view returns (uint256) {
        return _stakingPaused ? 0 : _stakeLimit;
    }

    /// @inheritdoc IStETH
    function getPooledEthByShares(uint256 sharesAmount) public view returns (uint256) {
        return _convert(sharesAmount, _pooledEther, _totalShares, Math.Rounding.Floor);
    }

    /// @inheritdoc IStETH
    function getPooledEthBySharesRoundUp(uint256 sharesAmount) public view returns (uint256) {
        return _convert(sharesAmount, _pooledEther, _totalShares, Math.Rounding.Ceil);
    }

    /// @inheritdoc IStETH
    function getSharesByPooledEth(uint256 ethAmount) public view returns (uint256) {
        return _convert(ethAmount, _totalShares, _pooledEther, Math.Rounding.Floor);
    }

    /* INTERNALS */

    function _submit(address referral) private returns (uint256 shares) {
        require(msg.value > 0, ZeroDeposit());
        require(!_stakingPaused, StakingPaused());
        uint256 limit = _stakeLimit;
        require(msg.value <= limit, StakeLimitExceeded(msg.value, limit));
        shares = getSharesByPooledEth(msg.value);
        if (limit != type(uint256).max) _stakeLimit = limit - msg.value;
        _pooledEther += msg.value;
        emit Submitted(msg.sender, msg.value, referral);
        _mintShares(msg.sender, shares);
    }

    function _mintShares(address account, uint256 shares) private {
        _totalShares += shares;
        _shares[account] += shares;
        _emitTransfer(address(0), account, getPooledEthByShares(shares), shares);
    }

    function _transfer(address sender, address recipient, uint256 tokens, uint256 shares) private {
        require(recipient != address(0) && recipient != address(this), ERC20InvalidReceiver(recipient));
        require(!_stopped, Stopped());
        _takeShares(sender, shares);
        _shares[recipient] += shares;
        _emitTransfer(sender, recipient, tokens, shares);
    }

    function _takeShares(address account, uint256 shares) private {
        uint256 held = _shares[account];
        require(shares <= held, ERC20InsufficientBalance(account, held, shares));
        _shares[account] = held - shares;
    }

    function _approve(address owner, address spender, uint256 amount) private {
        _allowances[owner][spender] = amount;
        emit Approval(owner, spender, amount);
    }

    function _spendAllowance(address owner, uint256 amount) private {
        uint256 allowed = _allowances[owner][msg.sender];
        if (allowed == type(uint256).max) return;
        require(amount <= allowed, ERC20InsufficientAllowance(msg.sender, allowed, amount));
        _approve(owner, msg.sender, allowed - amount);
    }

    function _rebase(uint256 newPooledEther) private {
        uint256 preEther = _pooledEther;
        _pooledEther = newPooledEther;
        _emitReport(_totalShares, preEther);
        if (newPooledEther < preEther) Address.sendValue(payable(DEAD), preEther - newPooledEther);
    }

    function _emitReport(uint256 preShares, uint256 preEther) private {
        uint256 elapsed = block.timestamp - _lastReportAt;
        _lastReportAt = block.timestamp;
        emit TokenRebased(block.timestamp, elapsed, preShares, preEther, _totalShares, _pooledEther, 0);
    }

    function _emitTransfer(address from, address to, uint256 tokens, uint256 shares) private {
        emit Transfer(from, to, tokens);
        emit TransferShares(from, to, shares);
    }

    function _convert(
        uint256 amount,
        uint256 numerator,
        uint256 denominator,
        Math.Rounding rounding
    ) private pure returns (uint256) {
        require(amount < CONVERSION_LIMIT, ConversionTooLarge(amount, CONVERSION_LIMIT - 1));
        return Math.mulDiv(amount, numerator, denominator, rounding);
    }
}
