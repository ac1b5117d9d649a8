#pragma once

#include "gpu/kernels/nested_layout.h"

// What codec `nested`'s search on a device works on.

namespace bs::gpu {

/// Levels of a ring's signs: RingSearch.
struct RingLevels
{
    float minor, major, plain;
};

inline constexpr uint32_t kVisitPlanes = 9; ///< of a tile at most
inline constexpr uint32_t kVisitAdded = 3;  ///< by one pass

/// A tile as passes see it.
struct VisitTile
{
    float deviation;
    uint16_t plain; ///< bit p: plane p has signs alone
    uint8_t before; ///< planes before the pass
    uint8_t planes; ///< .. and after it
    uint8_t gains[kVisitPlanes];
};

/// core/codecs/nested/tables.h, and what a tile's depth says.
struct VisitTables
{
    float scale[256];
    int16_t major[256], minor[256];
    float meanSquare[kVisitPlanes + 1];
    float alone[kVisitPlanes + 1], plain[kVisitPlanes + 1], together[kVisitPlanes + 1];
    float limit[kVisitPlanes + 1];       ///< a target's distance from its weight, first visit
    float limitAgain[kVisitPlanes + 1];  ///< .. second
    float farOfSquare[kVisitPlanes + 1]; ///< farSquare at deviation 1
};

/// A single weight that was bought.
struct BoughtWeight
{
    uint16_t row, col;
    float value;
};

/// A matrix [rows, cols] and what a pass works on; columns lie one after another, `stride` rows each.
struct Visit
{
    const VisitTables* tables;
    const float* z;      ///< [cols, stride]
    const float* weight; ///< [stride] of a row's squared errors
    const float* own;    ///< [cols] of a column's
    const float* mix;    ///< [cols, cols] what an error adds to later columns of `aim`
    const float* start;  ///< [cols, stride] decoded before the pass (second visit)
    float* coded;        ///< [cols, stride] .. and now
    float* aim;          ///< [cols, stride] first visit: targets; second: moments times error
    float* error;        ///< [cols, stride] z - coded
    float* change;       ///< second visit: of error, from column `firstChange` on
    VisitTile* tiles;    ///< [tileRows, tileCols]
    uint8_t* planes;     ///< [tiles, kVisitAdded, kNestedPlaneBytes]
    double* loss;        ///< [tiles] of the first visit
    BoughtWeight* bought;
    uint32_t* boughtCount; ///< goes on counting where there is no more room
    uint32_t boughtMost;
    uint32_t cols, stride, tileCols, firstChange;
    float priceOfWeight; ///< loss that a single weight must save
    bool buys;
};

} // namespace bs::gpu
