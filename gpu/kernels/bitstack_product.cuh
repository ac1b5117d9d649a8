#pragma once

#include "gpu/kernels/bitstack_steps.cuh"

// The product of blocks with one token. The rank is a dimension of a matrix product:
//   P = vt times x [cols, rank],  z = S P [rows, rank],  y = sum over ranks of u z,
// S are signs, one bit a weight. Matrix units make z (16 rows, 16 columns, 8 ranks an instruction):
// a shift and one logical instruction turn two bits into two f16 of +-1. For 256 weights of 16
// ranks the innermost loop has 12 instructions of a warp, 8 of them for signs, and P, u and the
// rest add 4 to 5 (sm_90a, parts of 1024 columns); two are the matrix units' own, of 7 cycles each,
// so that both take about the same time.
//
// P is made by each block of threads for its own columns, in f16: x and vt are scaled by powers of
// two so that nothing can overflow, and a product is rounded to 11 bits until it is 2^26 times
// smaller than the largest of vt times the largest of x. Columns stand in the order in which lanes
// find them in their words: bits b and b + 16 of a word are one register of two halves.

namespace bs::gpu {

/// P of a stage as the matrix units want it: [pieces, 16 steps, 32 lanes] of kTiles pairs of words.
template <int kTiles>
struct alignas(8 * kTiles) BitstackP
{
    uint2 tile[kTiles];
};
inline constexpr uint32_t kBitstackSteps = 16; ///< of 16 columns, in a piece of 256

/// x in shared memory: 4 floats of room behind each 64, for lanes that are 64 columns apart.
__device__ inline uint32_t placeOfX(uint32_t col)
{
    return col + col / 64 * 4;
}
inline constexpr uint32_t kBitstackOnePlaces = kBitstackOneCols / 64 * 68; ///< of a piece

/// A pair of signs as f16: bits b (lower half) and b + 16 of the word; 1 is +1, 0 is -1.
__device__ inline uint32_t signPair(uint32_t word, unsigned b)
{
    return withSigns(word << (15 - b), 0x80008000U, 0x3C003C00U);
}

/// x of the part's columns into shared memory, below 2 (nearly always) times vtFactor; zeros behind
/// the last column. Returns what was divided by. After it, threads must wait for each other.
__device__ inline PowerOfTwo takeX(const float* x, uint32_t cols, float vtFactor, float* to)
{
    __shared__ unsigned mostOf[kBitstackWarps];
    const uint32_t padded = (cols + kBitstackOneCols - 1) / kBitstackOneCols * kBitstackOneCols;
    unsigned most = 0;
    for (uint32_t col = threadIdx.x; col < padded; col += kBitstackThreads) {
        const float value = col < cols ? x[col] : 0.0F;
        to[placeOfX(col)] = value;
        most = max(most, magnitudeOf(value));
    }
    most = mostOfWarp(most);
    if (threadIdx.x % 32 == 0) mostOf[threadIdx.x / 32] = most;
    __syncthreads();
    for (const unsigned of : mostOf)
        most = max(most, of);
    const PowerOfTwo power = powerFor(most);
    const float factor = power.down * vtFactor;
    for (uint32_t col = threadIdx.x; col < padded; col += kBitstackThreads)
        to[placeOfX(col)] *= factor;
    return power;
}

/// Brings vt of all blocks below 2^13, so that P stays below 2^15.
__device__ inline PowerOfTwo powerOfVt(const BitstackMatrixView& matrix)
{
    float most = 0x1p-24F; // the smallest f16
    for (uint32_t b = 0; b < matrix.blocks; ++b)
        most = max(most, __ldcg(matrix.most + 2 * b + 1));
    PowerOfTwo power = powerFor(magnitudeOf(most));
    power.down *= 4096.0F;
    power.up *= 1.0F / 4096.0F;
    return power;
}

/// Eight products of vt and x, in f32.
struct BitstackOctet
{
    float value[8];
};
__device__ inline BitstackOctet octetOf(const uint4& vt, const float* x)
{
    const float4 low = *reinterpret_cast<const float4*>(x);
    const float4 high = *reinterpret_cast<const float4*>(x + 4);
    return {{lowHalf(vt.x) * low.x, highHalf(vt.x) * low.y, lowHalf(vt.y) * low.z,
             highHalf(vt.y) * low.w, lowHalf(vt.z) * high.x, highHalf(vt.z) * high.y,
             lowHalf(vt.w) * high.z, highHalf(vt.w) * high.w}};
}

/// P of `count` pieces, ranks firstRank .. of a block; x holds the first piece's columns, the
/// matrix's from `col` on. A thread makes one rank of two octets that are 16 columns apart, and
/// lanes are such that they find whole sectors of vt and store to different banks. Behind the last
/// column and rank vt is 0, and so is P, if x is finite.
template <int kTiles>
__device__ inline void makeP(const BitstackMatrixView& matrix, const uint16_t* vt,
                             uint32_t firstRank, uint32_t col, uint32_t count, const float* x,
                             BitstackP<kTiles>* to)
{
    const unsigned lane = threadIdx.x % 32;
    const unsigned warp = threadIdx.x / 32;
    const unsigned t = lane % 4;
    const unsigned g = lane / 4 % 2 + warp / 2 * 2;
    const unsigned tile = lane / 8 % 2;
    const unsigned octet = lane / 16;
    const unsigned word = warp % 2;
    if (tile >= kTiles) return;
    const uint32_t at = 64 * t + 32 * word + 8 * octet;
    const uint32_t rank = firstRank + 8 * tile + g;
    uint4 of[kBitstackOneStage][2]; // all asked for before the first is used
#pragma unroll
    for (uint32_t piece = 0; piece < kBitstackOneStage; ++piece)
#pragma unroll
        for (uint32_t half = 0; half < 2; ++half)
            of[piece][half] =
                piece < count
                    ? loadColumns(matrix, vt, rank, col + piece * kBitstackOneCols + at + 16 * half)
                    : make_uint4(0, 0, 0, 0);
    x += placeOfX(at);
    uint2* out = to[(8 * word + 4 * octet) * 32 + 4 * g + t].tile + tile;
#pragma unroll
    for (uint32_t piece = 0; piece < kBitstackOneStage; ++piece) {
        if (piece >= count) break;
        const BitstackOctet low = octetOf(of[piece][0], x + piece * kBitstackOnePlaces);
        const BitstackOctet high = octetOf(of[piece][1], x + piece * kBitstackOnePlaces + 16);
#pragma unroll
        for (unsigned i = 0; i < 4; ++i) // bit 2i of the octet's byte is column 7 - 2i
            out[(piece * kBitstackSteps + i) * 32 * kTiles] =
                make_uint2(packHalves(low.value[7 - 2 * i], high.value[7 - 2 * i]),
                           packHalves(low.value[6 - 2 * i], high.value[6 - 2 * i]));
    }
}

/// Signs of a lane's four rows g + 8 i: 64 columns each.
struct BitstackSigns
{
    uint2 row[4];
};

/// u of the lane's four rows, for the ranks of z that it holds.
template <int kTiles>
struct BitstackU
{
    uint32_t pair[4][kTiles];
};

/// Where a lane's four rows are in a block, in bytes and in numbers.
template <bool kWide>
struct BitstackLaneRows
{
    uint32_t rowBytes, rank;
    uint32_t sign[4], u[4];

    __device__ BitstackLaneRows(const BitstackMatrixView& matrix, uint32_t warpRow)
        : rowBytes(matrix.cols / 8)
        , rank(matrix.rank)
    {
#pragma unroll
        for (uint32_t i = 0; i < 4; ++i) {
            const uint32_t row = min(warpRow + threadIdx.x % 32 / 4 + 8 * i, matrix.rows - 1);
            sign[i] = row * rowBytes;
            u[i] = row * rank;
        }
    }

    __device__ BitstackSigns signsOf(const uint8_t* of, uint32_t piece) const
    {
        const uint32_t at = piece * (kBitstackOneCols / 8) + 8 * (threadIdx.x % 4);
        BitstackSigns signs;
#pragma unroll
        for (int i = 0; i < 4; ++i)
            signs.row[i] = loadSigns<kWide>(of + sign[i], at, rowBytes);
        return signs;
    }

    template <int kTiles>
    __device__ BitstackU<kTiles> factorsOf(const uint16_t* of, uint32_t firstRank) const
    {
        BitstackU<kTiles> factors;
#pragma unroll
        for (int i = 0; i < 4; ++i)
#pragma unroll
            for (uint32_t tile = 0; tile < kTiles; ++tile)
                factors.pair[i][tile] =
                    loadFactors<kWide>(of + u[i], firstRank + 8 * tile + threadIdx.x % 4 * 2, rank);
        return factors;
    }
};

/// z of two tiles of 16 rows: rows g, ranks 2t, 2t + 1, then rows g + 8.
template <int kTiles>
struct BitstackZ
{
    float sums[2][kTiles][4] = {};
};

template <int kTiles>
__device__ inline void addPiece(BitstackZ<kTiles>& z, const BitstackSigns& signs,
                                const BitstackP<kTiles>* piece)
{
    const unsigned lane = threadIdx.x % 32;
#pragma unroll
    for (unsigned step = 0; step < kBitstackSteps; ++step) {
        const BitstackP<kTiles> p = piece[step * 32 + lane];
        const unsigned b = step % 8 * 2;
#pragma unroll
        for (int m = 0; m < 2; ++m) {
            const uint32_t upper = step < 8 ? signs.row[2 * m].x : signs.row[2 * m].y;
            const uint32_t lower = step < 8 ? signs.row[2 * m + 1].x : signs.row[2 * m + 1].y;
            const uint32_t a0 = signPair(upper, b);
            const uint32_t a1 = signPair(lower, b);
            const uint32_t a2 = signPair(upper, b + 1);
            const uint32_t a3 = signPair(lower, b + 1);
#pragma unroll
            for (int tile = 0; tile < kTiles; ++tile)
                mmaF16(z.sums[m][tile], a0, a1, a2, a3, p.tile[tile].x, p.tile[tile].y);
        }
    }
}

template <int kTiles>
__device__ inline void addRanks(float (&y)[4], const BitstackZ<kTiles>& z,
                                const BitstackU<kTiles>& u)
{
#pragma unroll
    for (int i = 0; i < 4; ++i)
#pragma unroll
        for (int tile = 0; tile < kTiles; ++tile) {
            const float* sums = z.sums[i / 2][tile] + i % 2 * 2;
            y[i] = fmaf(lowHalf(u.pair[i][tile]), sums[0], y[i]);
            y[i] = fmaf(highHalf(u.pair[i][tile]), sums[1], y[i]);
        }
}

/// Dynamic shared memory: two stages of P, and x of the widest part.
template <int kTiles>
constexpr std::size_t bitstackOneShared(std::size_t mostPieces)
{
    const std::size_t stage = kBitstackOneStage * kBitstackSteps * 32 * sizeof(BitstackP<kTiles>);
    return 2 * stage + mostPieces * kBitstackOnePlaces * sizeof(float);
}

/// y of one token: a block of threads for each strip of 256 rows and part of its columns. A pass is
/// up to 8 kTiles ranks of a block, a stage up to kBitstackOneStage pieces of a pass; while some
/// warps multiply a stage, others make P of the next one.
template <int kTiles, bool kWide>
__global__ void __launch_bounds__(kBitstackThreads, 2)
    bitstackProductOne(BitstackProductArguments arguments)
{
    constexpr uint32_t kStage = kBitstackOneStage * kBitstackSteps * 32;
    letFollowersStart();
    const BitstackMatrixView& matrix = arguments.matrix;
    const BitstackColumns columns = columnsOf<kBitstackOneCols>(matrix);
    const uint32_t firstRow = blockIdx.y * kBitstackOneRows;
    const uint32_t warpRow = firstRow + threadIdx.x / 32 * 32;
    const bool works = warpRow < matrix.rows; // others only help with P
    auto* P = sharedRoom<BitstackP<kTiles>>();
    auto* x = reinterpret_cast<float*>(P + 2 * kStage);

    prefetchStrip<kBitstackOneCols>(matrix, firstRow, min(firstRow + kBitstackOneRows, matrix.rows),
                                    columns);
    const BitstackLaneRows<kWide> rows(matrix, warpRow);
    BitstackSigns next{};
    if (works) next = rows.signsOf(matrix.entries[0].sign, columns.first);

    waitForEarlier();
    const uint32_t firstCol = columns.first * kBitstackOneCols;
    const PowerOfTwo vtPower = powerOfVt(matrix);
    const PowerOfTwo xPower =
        takeX(arguments.x + firstCol, min(columns.last * kBitstackOneCols, matrix.cols) - firstCol,
              vtPower.down, x);
    __syncthreads();

    float y[4] = {};
    uint32_t stage = 0;
    for (uint32_t block = 0; block < matrix.blocks; ++block) {
        const BitstackBlockEntry entry = matrix.entries[block];
        const uint8_t* following = matrix.entries[min(block + 1, matrix.blocks - 1)].sign;
        for (uint32_t rank = 0; rank < matrix.rank; rank += 8 * kTiles) {
            const auto u = rows.template factorsOf<kTiles>(entry.u, rank);
            BitstackZ<kTiles> z;
            for (uint32_t first = columns.first; first < columns.last;
                 first += kBitstackOneStage, ++stage) {
                const uint32_t count = min(kBitstackOneStage, columns.last - first);
                BitstackP<kTiles>* own = P + stage % 2 * kStage;
                makeP<kTiles>(matrix, entry.vt, rank, first * kBitstackOneCols, count,
                              x + placeOfX((first - columns.first) * kBitstackOneCols), own);
                __syncthreads(); // also: all have done with the stage before the one before
                for (uint32_t i = 0; works && i < count; ++i) {
                    const BitstackSigns signs = next; // one piece ahead, at the end once too often
                    if (first + i + 1 < columns.last)
                        next = rows.signsOf(entry.sign, first + i + 1);
                    else
                        next =
                            rows.signsOf(rank + 8 * kTiles < matrix.rank ? entry.sign : following,
                                         columns.first);
                    addPiece<kTiles>(z, signs, own + i * kBitstackSteps * 32);
                }
            }
            addRanks<kTiles>(y, z, u);
        }
    }

#pragma unroll
    for (uint32_t i = 0; i < 4; ++i) {
        y[i] += __shfl_xor_sync(~0U, y[i], 1);
        y[i] += __shfl_xor_sync(~0U, y[i], 2);
    }
    if (threadIdx.x % 4 == 0)
        for (uint32_t i = 0; i < 4; ++i)
            leaveSum<kBitstackOneRows>(arguments, 0,
                                       warpRow - firstRow + threadIdx.x % 32 / 4 + 8 * i,
                                       y[i] * vtPower.up * xPower.up);
    addParts<kBitstackOneRows>(arguments);
}

} // namespace bs::gpu
