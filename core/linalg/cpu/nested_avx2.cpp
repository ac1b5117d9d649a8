// An instruction-set island, as kernels_avx2.cpp.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_steps.h"

#include <immintrin.h>

namespace bs {

namespace {

// A register holds 16 rows of 16 columns: bytes are rows, its halves and their nibbles four columns each. So a nibble is an index into
// the table of its columns' sums of +-x, and a register's 256 weights take two look-ups. A ring goes on from byte to byte and from
// register to register: a byte shift of both moves it by a row. Per register of a plain plane: 3 operations for the indices, 2 look-ups,
// 6 to add what they find; of a trellis plane 4 for the products of signs and twice those. Entries of 12 bits are looked up by low and by
// high byte, which takes 6 and 12 operations more.

constexpr int kRegisters = static_cast<int>(kNestedRows) / 16; ///< of 16 columns

__m256i load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }

/// Sums of bytes: even ones lie in `all` beside 256 times the odd ones, which `odd` has alone.
struct alignas(32) Sums
{
    std::uint16_t all[kRegisters][16];
    std::uint16_t odd[kRegisters][16];
};

struct Work
{
    Sums low;
    Sums high; ///< of entries of 12 bits
};

__m256i& at(std::uint16_t* p) { return *reinterpret_cast<__m256i*>(p); }

__m256i oddOf(__m256i bytes) { return _mm256_srli_epi16(bytes, 8); }

void add(Sums& sums, int i, __m256i all, __m256i odd)
{
    at(sums.all[i]) = _mm256_add_epi16(at(sums.all[i]), all);
    at(sums.odd[i]) = _mm256_add_epi16(at(sums.odd[i]), odd);
}

/// Entries 0 to 7 of two tables, or 8 to 15, in the register's halves.
__m256i entries(const std::int16_t* sums, __m256i factor) { return _mm256_mulhrs_epi16(load(sums), factor); }

/// Tables for the columns of low and of high nibbles.
struct Narrow
{
    static constexpr bool kWide = false;
    __m256i low, high;

    Narrow(const std::int16_t* sums, std::int16_t factor)
        : low(table(sums, _mm256_set1_epi16(factor))), high(table(sums + 32, _mm256_set1_epi16(factor)))
    {
    }
    static __m256i table(const std::int16_t* sums, __m256i factor)
    {
        return _mm256_xor_si256(_mm256_packs_epi16(entries(sums, factor), entries(sums + 16, factor)),
                                _mm256_set1_epi8(static_cast<char>(kNestedNarrowZero)));
    }
};

/// The same by low and by high bytes.
struct Wide
{
    static constexpr bool kWide = true;
    __m256i low[2], high[2];

    Wide(const std::int16_t* sums, std::int16_t factor)
    {
        tables(sums, _mm256_set1_epi16(factor), low);
        tables(sums + 32, _mm256_set1_epi16(factor), high);
    }
    static void tables(const std::int16_t* sums, __m256i factor, __m256i* bytes)
    {
        const __m256i a = entries(sums, factor);
        const __m256i b = entries(sums + 16, factor);
        const __m256i mask = _mm256_set1_epi16(255);
        bytes[0] = _mm256_packus_epi16(_mm256_and_si256(a, mask), _mm256_and_si256(b, mask));
        bytes[1] = _mm256_add_epi8(_mm256_packs_epi16(_mm256_srai_epi16(a, 8), _mm256_srai_epi16(b, 8)),
                                   _mm256_set1_epi8(static_cast<char>(kNestedWideZero / 256)));
    }
};

/// What a register of signs looks up, to be added.
struct Found
{
    __m256i all, odd, high;

    Found(const Narrow& tables, __m256i signs)
    {
        const __m256i a = _mm256_shuffle_epi8(tables.low, lowNibbles(signs));
        const __m256i b = _mm256_shuffle_epi8(tables.high, highNibbles(signs));
        all = _mm256_add_epi16(a, b);
        odd = _mm256_add_epi16(oddOf(a), oddOf(b));
    }
    Found(const Wide& tables, __m256i signs)
    {
        const __m256i lows = lowNibbles(signs);
        const __m256i highs = highNibbles(signs);
        const __m256i a = _mm256_shuffle_epi8(tables.low[0], lows);
        const __m256i b = _mm256_shuffle_epi8(tables.high[0], highs);
        all = _mm256_add_epi16(a, b);
        odd = _mm256_add_epi16(oddOf(a), oddOf(b));
        high = _mm256_add_epi8(_mm256_shuffle_epi8(tables.low[1], lows), _mm256_shuffle_epi8(tables.high[1], highs)); // at most 30
    }
    static __m256i lowNibbles(__m256i signs) { return _mm256_and_si256(signs, _mm256_set1_epi8(15)); }
    static __m256i highNibbles(__m256i signs) { return _mm256_and_si256(_mm256_srli_epi16(signs, 4), _mm256_set1_epi8(15)); }
};

template <class Tables> void keep(Work& work, int i, const Found& found)
{
    add(work.low, i, found.all, found.odd);
    if (Tables::kWide)
        add(work.high, i, found.high, oddOf(found.high));
}

template <class Tables> void keep(Work& work, int i, const Found& a, const Found& b)
{
    add(work.low, i, _mm256_add_epi16(a.all, b.all), _mm256_add_epi16(a.odd, b.odd));
    if (Tables::kWide) {
        const __m256i high = _mm256_add_epi8(a.high, b.high);
        add(work.high, i, high, oddOf(high));
    }
}

/// The signs of 16 columns, and the products of four of each ring.
struct Ring
{
    __m256i signs[kRegisters];
    __m256i products[kRegisters];

    explicit Ring(const std::uint8_t* plane)
    {
        __m256i pairs[kRegisters]; // of a row and the one before
#pragma GCC unroll 4
        for (int i = 0; i < kRegisters; ++i)
            signs[i] = load(plane + 32 * i);
#pragma GCC unroll 4
        for (int i = 0; i < kRegisters; ++i)
            pairs[i] = _mm256_xor_si256(signs[i], _mm256_alignr_epi8(signs[i], signs[(i + kRegisters - 1) % kRegisters], 15));
#pragma GCC unroll 4
        for (int i = 0; i < kRegisters; ++i)
            products[i] = _mm256_xor_si256(pairs[i], _mm256_alignr_epi8(pairs[(i + 1) % kRegisters], pairs[i], 3));
    }
};

template <class Tables> void addPlain(const std::uint8_t* plane, const std::int16_t* sums, std::int16_t factor, Work& work)
{
    for (int s = 0; s < 2; ++s) {
        const Tables tables(sums + 64 * s, factor);
#pragma GCC unroll 4
        for (int i = 0; i < kRegisters; ++i)
            keep<Tables>(work, i, Found(tables, load(plane + 128 * s + 32 * i)));
    }
}

template <class Tables>
void addTrellis(const std::uint8_t* plane, const std::int16_t* sums, std::int16_t minorFactor, std::int16_t majorFactor, Work& work)
{
    for (int s = 0; s < 2; ++s) {
        const Tables minor(sums + 64 * s, minorFactor);
        const Tables major(sums + 64 * s, majorFactor);
        const Ring ring(plane + 128 * s);
#pragma GCC unroll 4
        for (int i = 0; i < kRegisters; ++i)
            keep<Tables>(work, i, Found(minor, ring.signs[i]), Found(major, ring.products[i]));
    }
}

/// 16 rows' sums as floats, in order: 8 to each of two registers.
void rowsOf(Sums& sums, int i, __m256* rows)
{
    const __m256i odd = at(sums.odd[i]);
    const __m256i even = _mm256_sub_epi16(at(sums.all[i]), _mm256_slli_epi16(odd, 8));
    const auto bothHalves = [](__m256i v) { return _mm_add_epi16(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)); };
    const __m128i evenRows = bothHalves(even);
    const __m128i oddRows = bothHalves(odd);
    rows[0] = _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_unpacklo_epi16(evenRows, oddRows)));
    rows[1] = _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_unpackhi_epi16(evenRows, oddRows)));
}

/// y [64] += step * (sums - zero); the sums are whole numbers below 2^24, so nothing is rounded before the last step.
void flush(Work& work, const NestedPlane& plane, float* y)
{
    const __m256 zero = _mm256_set1_ps(plane.zero);
    const __m256 step = _mm256_set1_ps(plane.step);
    for (int i = 0; i < kRegisters; ++i) {
        __m256 low[2], high[2];
        rowsOf(work.low, i, low);
        if (plane.wide)
            rowsOf(work.high, i, high);
        for (int half = 0; half < 2; ++half) {
            float* to = y + 16 * i + 8 * half;
            const __m256 sum = plane.wide ? _mm256_fmadd_ps(high[half], _mm256_set1_ps(256), low[half]) : low[half];
            _mm256_storeu_ps(to, _mm256_fmadd_ps(step, _mm256_sub_ps(sum, zero), _mm256_loadu_ps(to)));
        }
    }
}

/// Planes that are asked for ahead of the one that is worked on: 3 KiB, what a core reads in the time a line takes to come.
constexpr std::size_t kAhead = 12;

/// The planes of a group in the order they are worked on, and behind them those of the first tiles that come next.
struct Order
{
    const std::uint8_t* plane[kNestedGroup * kNestedPlanes + kAhead];
    std::size_t count = 0;
    std::size_t at = 0;

    Order(const NestedRow& row, const NestedSteps& steps, const NestedSteps& following)
    {
        for (unsigned p = 0; p < steps.planes; ++p)
            for (std::size_t g = 0; g < steps.count; ++g)
                add(row, steps.tile[g], p);
        const std::size_t end = count + kAhead;
        for (std::size_t g = 0; g < following.count && count < end; ++g)
            add(row, following.tile[g], 0);
        for (std::size_t next = row.count; next < row.count + row.following && count < end; ++next)
            add(row, next, 0);
    }
    void add(const NestedRow& row, std::size_t tile, unsigned p)
    {
        if (p < row.tiles[tile].planes)
            plane[count++] = row.bytes + std::size_t{row.tiles[tile].at[p]} * 64;
    }
    const std::uint8_t* next()
    {
        if (at + kAhead < count)
            for (int line = 0; line < 4; ++line)
                _mm_prefetch(reinterpret_cast<const char*>(plane[at + kAhead]) + 64 * line, _MM_HINT_T0);
        return plane[at++];
    }
};

template <class Tables> void addTiles(const NestedX& x, const NestedPlane& plane, Order& order, Work& work)
{
    for (std::size_t t = 0; t < plane.count; ++t) {
        const std::uint8_t* bytes = order.next();
        const std::int16_t* sums = x.sums + plane.tile[t] * kNestedSums;
        if (plane.plain[t])
            addPlain<Tables>(bytes, sums, plane.major[t], work);
        else
            addTrellis<Tables>(bytes, sums, plane.minor[t], plane.major[t], work);
    }
}

void addPlane(const NestedX& x, const NestedPlane& plane, Order& order, float* y)
{
    Work work;
    for (int i = 0; i < kRegisters; ++i) {
        at(work.low.all[i]) = at(work.low.odd[i]) = _mm256_setzero_si256();
        at(work.high.all[i]) = at(work.high.odd[i]) = _mm256_setzero_si256();
    }
    if (plane.wide)
        addTiles<Wide>(x, plane, order, work);
    else
        addTiles<Narrow>(x, plane, order, work);
    flush(work, plane, y);
}

/// Sums over four neighbours of |x|, largest of a tile.
float mostOf(const float* x)
{
    __m256 most = _mm256_setzero_ps();
    for (int g = 0; g < 4; ++g) {
        const __m256 magnitude = _mm256_andnot_ps(_mm256_set1_ps(-0.0F), _mm256_loadu_ps(x + 8 * g));
        const __m256 pairs = _mm256_hadd_ps(magnitude, magnitude);
        most = _mm256_max_ps(most, _mm256_hadd_ps(pairs, pairs));
    }
    return _mm_cvtss_f32(_mm_max_ss(_mm256_castps256_ps128(most), _mm256_extractf128_ps(most, 1)));
}

/// 16 columns of x in units.
__m256i wholeOf(const float* x, __m256 inverse)
{
    const __m256i low = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x), inverse));
    const __m256i high = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 8), inverse));
    return _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xD8);
}

/// Sums of columns 4 n .. 4 n + 3 of both halves of `whole`.
void storeSums(__m256i whole, int n, std::int16_t* sums)
{
    const auto column = [&](int k) {
        const short both = static_cast<short>((8 * n + 2 * k) | (8 * n + 2 * k + 1) << 8);
        return _mm256_shuffle_epi8(whole, _mm256_set1_epi16(both));
    };
    const auto signs = [](int k) { // of indices 0 .. 7
        const auto one = [k](int index) { return static_cast<short>(((index >> k) & 1) != 0 ? -1 : 1); };
        return _mm256_setr_epi16(one(0), one(1), one(2), one(3), one(4), one(5), one(6), one(7), one(0), one(1), one(2), one(3), one(4),
                                 one(5), one(6), one(7));
    };
    __m256i three = _mm256_sign_epi16(column(0), signs(0));
    three = _mm256_add_epi16(three, _mm256_sign_epi16(column(1), signs(1)));
    three = _mm256_add_epi16(three, _mm256_sign_epi16(column(2), signs(2)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums), _mm256_add_epi16(three, column(3)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums + 16), _mm256_sub_epi16(three, column(3)));
}

/// The signs of 16 rows, a register for both halves of the columns, as 32 bits a row.
void rowMasks(__m256i first, __m256i second, std::uint32_t* masks)
{
    const __m128i a = _mm256_castsi256_si128(first);
    const __m128i b = _mm256_extracti128_si256(first, 1);
    const __m128i c = _mm256_castsi256_si128(second);
    const __m128i d = _mm256_extracti128_si256(second, 1);
    const auto store = [&](int i, __m128i v) { _mm_storeu_si128(reinterpret_cast<__m128i*>(masks + 4 * i), v); };
    const __m128i abLow = _mm_unpacklo_epi8(a, b);
    const __m128i cdLow = _mm_unpacklo_epi8(c, d);
    const __m128i abHigh = _mm_unpackhi_epi8(a, b);
    const __m128i cdHigh = _mm_unpackhi_epi8(c, d);
    store(0, _mm_unpacklo_epi16(abLow, cdLow));
    store(1, _mm_unpackhi_epi16(abLow, cdLow));
    store(2, _mm_unpacklo_epi16(abHigh, cdHigh));
    store(3, _mm_unpackhi_epi16(abHigh, cdHigh));
}

/// Takes 2 * value off where a row's bits are set.
void takeTwice(const std::uint32_t* masks, std::int16_t value, std::int16_t (*sums)[kNestedCols])
{
    const __m256i bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
    const __m256i twice = _mm256_set1_epi16(static_cast<short>(2 * value));
    for (std::size_t i = 0; i < 16; ++i)
        for (unsigned half = 0; half < 2; ++half) {
            const __m256i row = _mm256_set1_epi16(static_cast<short>(masks[i] >> (16 * half)));
            const __m256i set = _mm256_cmpeq_epi16(_mm256_and_si256(row, bit), bit);
            auto* to = reinterpret_cast<__m256i*>(sums[i] + 16 * half);
            _mm256_store_si256(to, _mm256_sub_epi16(_mm256_load_si256(to), _mm256_and_si256(set, twice)));
        }
}

void storeWeights(const std::int16_t* sums, __m256 scale, float* W)
{
    for (int j = 0; j < static_cast<int>(kNestedCols); j += 8) {
        const __m256i eight = _mm256_cvtepi16_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(sums + j)));
        _mm256_storeu_ps(W + j, _mm256_mul_ps(_mm256_cvtepi32_ps(eight), scale));
    }
}

/// A tile's weights to W with `stride` floats a row.
void decodeTile(const NestedRow& row, const NestedTile& tile, float* W, std::size_t stride)
{
    alignas(32) std::int16_t sums[kNestedRows][kNestedCols];
    const __m256i all = _mm256_set1_epi16(static_cast<short>(nestedSum(*row.tables, tile)));
    for (auto& of : sums)
        for (int half = 0; half < 2; ++half)
            _mm256_store_si256(reinterpret_cast<__m256i*>(of + 16 * half), all);
    for (unsigned p = 0; p < tile.planes; ++p) {
        const std::uint8_t* plane = row.bytes + std::size_t{tile.at[p]} * 64;
        const Ring first(plane);
        const Ring second(plane + 128);
        const unsigned below = nestedBelow(tile, p);
        const bool plain = nestedPlain(tile, p);
        std::uint32_t masks[16];
        for (int i = 0; i < kRegisters; ++i) {
            rowMasks(first.signs[i], second.signs[i], masks);
            takeTwice(masks, plain ? row.tables->major[below] : row.tables->minor[below], sums + 16 * i);
            if (plain)
                continue;
            rowMasks(first.products[i], second.products[i], masks);
            takeTwice(masks, row.tables->major[below], sums + 16 * i);
        }
    }
    const __m256 scale = _mm256_set1_ps(row.tables->scale[tile.gains[0]]);
    for (std::size_t i = 0; i < kNestedRows; ++i)
        storeWeights(sums[i], scale, W + i * stride);
}

} // namespace

void avx2NestedPrepare(const float* x, std::size_t tiles, std::int16_t* sums, float* unit)
{
    for (std::size_t t = 0; t < tiles; ++t, x += kNestedCols, sums += kNestedSums) {
        const float most = mostOf(x);
        unit[t] = most > kNestedLeast ? most / kNestedMost : 0;
        const __m256 inverse = _mm256_set1_ps(unit[t] > 0 ? kNestedMost / most : 0);
        for (int s = 0; s < 2; ++s) {
            const __m256i whole = wholeOf(x + 16 * s, inverse);
            for (int n = 0; n < 2; ++n)
                storeSums(whole, n, sums + 64 * s + 32 * n);
        }
    }
}

void avx2NestedProduct(const NestedRow& row, const NestedX& x, float* y)
{
    for (std::size_t i = 0; i < kNestedRows; i += 8)
        _mm256_storeu_ps(y + i, _mm256_setzero_ps());
    NestedQueue queue(row, x);
    NestedSteps steps = queue.next();
    while (steps.count > 0) {
        const NestedSteps following = queue.next();
        Order order(row, steps, following);
        for (unsigned p = 0; p < steps.planes; ++p) {
            const NestedPlane plane = nestedPlane(row, steps, p);
            if (plane.step > kNestedLeast)
                addPlane(x, plane, order, y);
            else
                order.at += plane.count;
        }
        steps = following;
    }
}

void avx2NestedDecode(const NestedRow& row, float* W)
{
    for (std::size_t c = 0; c < row.count; ++c)
        decodeTile(row, row.tiles[c], W + c * kNestedCols, row.count * kNestedCols);
}

} // namespace bs
