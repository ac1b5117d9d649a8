// How many instructions a GPU takes for a plane of the nested codec: compiled and counted by sass.sh beside it, not run. The answer
// decides whether the layout of planes may stay as it is.
//
// One warp multiplies 64 rows of 8 tiles (256 columns) with one x. Signs are bits, x is 8 slices of bits (its numbers times the tile's gain, in 8 bits
// and one set for each plane), and BMMA adds up pop-counts of their AND: 16 rows x 256 columns x 8 slices an instruction. What bits s in {0, 1}
// find becomes sums of +-x by taking the sum of all x off once for a row of tiles. Lane l has column octet l % 4 and rows 8 (l / 4) .. + 7 of each
// tile, as the tile's bytes lie; that is what BMMA wants of it if rows and columns are numbered suitably, so nothing crosses lanes but a ring's
// neighbours.
#include <cstdint>

namespace {

constexpr int kTiles = 8;

struct Octets
{
    uint32_t low, high; ///< 8 columns of rows 0 .. 3 and 4 .. 7
};

__device__ uint32_t before(uint32_t a, uint32_t b) { return __funnelshift_l(a, b, 8); }  ///< rows moved by one: the one before
__device__ uint32_t three(uint32_t a, uint32_t b) { return __funnelshift_r(a, b, 24); } ///< by three: behind

/// Products of the signs of the rows before, at, two and three behind.
__device__ Octets productsOf(Octets s)
{
    const uint32_t earlier = __shfl_sync(~0U, s.high, (threadIdx.x - 4) & 31);
    const uint32_t later = __shfl_sync(~0U, s.low, (threadIdx.x + 4) & 31);
    const uint32_t p0 = s.low ^ before(earlier, s.low);
    const uint32_t p1 = s.high ^ before(s.low, s.high);
    const uint32_t p2 = later ^ before(s.high, later);
    return {p0 ^ three(p0, p1), p1 ^ three(p1, p2)};
}

/// Four words of four bytes, turned.
__device__ void turn(uint32_t* w)
{
    const uint32_t a = __byte_perm(w[0], w[1], 0x5140);
    const uint32_t b = __byte_perm(w[2], w[3], 0x5140);
    const uint32_t c = __byte_perm(w[0], w[1], 0x7362);
    const uint32_t d = __byte_perm(w[2], w[3], 0x7362);
    w[0] = __byte_perm(a, b, 0x5410);
    w[1] = __byte_perm(a, b, 0x7632);
    w[2] = __byte_perm(c, d, 0x5410);
    w[3] = __byte_perm(c, d, 0x7632);
}

__device__ void multiply(int* sums, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3, const uint32_t* x)
{
    asm volatile("mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.and.popc {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
                 : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(x[0]), "r"(x[1]));
}

/// Rows of four tiles' words, and of the other four's: word r of each is row r of those tiles.
__device__ void multiplyRows(int (*sums)[4], Octets (&tile)[kTiles], const uint32_t* x)
{
    uint32_t low[2][4], high[2][4];
    for (int half = 0; half < 2; ++half) {
        for (int t = 0; t < 4; ++t) {
            low[half][t] = tile[4 * half + t].low;
            high[half][t] = tile[4 * half + t].high;
        }
        turn(low[half]);
        turn(high[half]);
    }
    for (int block = 0; block < 2; ++block) {
        multiply(sums[block], low[0][2 * block], low[0][2 * block + 1], low[1][2 * block], low[1][2 * block + 1], x);
        multiply(sums[2 + block], high[0][2 * block], high[0][2 * block + 1], high[1][2 * block], high[1][2 * block + 1], x);
    }
}

/// Bit i of byte j becomes bit j of byte i, of two words.
__device__ void turnBits(uint32_t& low, uint32_t& high)
{
    const auto swap = [](uint32_t& w, int by, uint32_t mask) {
        const uint32_t t = (w ^ (w >> by)) & mask;
        w ^= t ^ (t << by);
    };
    swap(low, 7, 0x00AA00AA);
    swap(high, 7, 0x00AA00AA);
    swap(low, 14, 0x0000CCCC);
    swap(high, 14, 0x0000CCCC);
    const uint32_t t = (low & 0xF0F0F0F0) >> 4;
    const uint32_t u = (high & 0x0F0F0F0F) << 4;
    low = (low & 0x0F0F0F0F) | u;
    high = (high & 0xF0F0F0F0) | t;
}

/// The lane's two words of slices: of slice l / 4, columns of octet l % 4 of tiles 0 .. 3 and 4 .. 7. Each lane rounds the eight numbers of tile l / 4,
/// turns their bits, and lanes of an octet exchange bytes in three steps.
__device__ void slicesOf(const float* x, float gain, uint32_t* slices)
{
    uint32_t word[2];
    for (int half = 0; half < 2; ++half) {
        const float4 four = reinterpret_cast<const float4*>(x)[half];
        // 2^23 + n: the number lies in the lowest byte, 128 added
        const uint32_t n0 = __float_as_uint(fmaf(four.x, gain, 8388736.0F));
        const uint32_t n1 = __float_as_uint(fmaf(four.y, gain, 8388736.0F));
        const uint32_t n2 = __float_as_uint(fmaf(four.z, gain, 8388736.0F));
        const uint32_t n3 = __float_as_uint(fmaf(four.w, gain, 8388736.0F));
        word[half] = __byte_perm(__byte_perm(n0, n1, 0x0040), __byte_perm(n2, n3, 0x0040), 0x5410);
    }
    turnBits(word[0], word[1]);
    const int row = threadIdx.x / 4;
    { // words of four bytes: lanes 4 apart exchange one
        const bool upper = (row & 4) != 0;
        const uint32_t got = __shfl_xor_sync(~0U, upper ? word[0] : word[1], 16);
        word[0] = upper ? word[1] : word[0];
        word[1] = got;
        if (upper) {
            const uint32_t t = word[0];
            word[0] = word[1];
            word[1] = t;
        }
    }
    const uint32_t two = (row & 2) != 0 ? 0x7632 : 0x5410; // pairs of bytes, then single ones
    const uint32_t one = (row & 1) != 0 ? 0x7351 : 0x6240;
    for (int i = 0; i < 2; ++i) {
        const uint32_t other = __shfl_xor_sync(~0U, word[i], 8);
        word[i] = (row & 2) != 0 ? __byte_perm(other, word[i], two) : __byte_perm(word[i], other, two);
        const uint32_t next = __shfl_xor_sync(~0U, word[i], 4);
        word[i] = (row & 1) != 0 ? __byte_perm(next, word[i], one) : __byte_perm(word[i], next, one);
    }
    slices[0] = word[0];
    slices[1] = word[1];
}

} // namespace

/// A trellis plane of 8 tiles (plane t begins at bytes + 64 * at[t]); sums of own signs and of products, for each slice.
extern "C" __global__ void trellisPlane(const uint8_t* bytes, const uint32_t* at, const float* gains, const float* x, int planes, int* out)
{
    const int row = threadIdx.x / 4;
    const int octet = threadIdx.x % 4;
    const unsigned offset = (octet / 2) * 128 + (row / 2) * 32 + (octet % 2) * 16 + (row % 2) * 8;
    int own[4][4] = {};
    int products[4][4] = {};
#pragma unroll 1
    for (int p = 0; p < planes; ++p) { // sass.sh counts this loop's instructions
        Octets signs[kTiles];
        Octets ring[kTiles];
#pragma unroll
        for (int t = 0; t < kTiles; ++t) {
            const uint2 both = *reinterpret_cast<const uint2*>(bytes + at[p * kTiles + t] * 64ULL + offset);
            signs[t] = {both.x, both.y};
            ring[t] = productsOf(signs[t]);
        }
        uint32_t slices[2];
        slicesOf(x + (row * 4 + octet) * 8, gains[p * kTiles + row], slices);
        multiplyRows(own, signs, slices);
        multiplyRows(products, ring, slices);
    }
    for (int i = 0; i < 16; ++i) {
        out[threadIdx.x * 32 + i] = own[i / 4][i % 4];
        out[threadIdx.x * 32 + 16 + i] = products[i / 4][i % 4];
    }
}
