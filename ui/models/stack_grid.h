#pragma once

#include "ui/jobs/stack_record.h"

#include <QStringList>

namespace bs::ui {

/// What the matrices of one class in one layer hold at a plan: one, or the slabs of a large one.
struct StackCell
{
    bool valid = false;
    QString name; ///< without a slab's row
    QString kind;
    int layer = -1;
    int slabs = 0;
    double weights = 0;
    int depthMin = 0;
    int depthMax = 0;
    int blocks = 0;       ///< most that one of them has
    double depth = 0;     ///< mean over the weights
    double bytes = 0;     ///< loaded
    double allBytes = 0;  ///< of all blocks
    double gainLeft = 0;  ///< nats a token, of the blocks not loaded
    double nextGain = 0;  ///< nats a token for a megabyte, of the best next block
    qint64 nextBytes = 0; ///< of that block; 0: everything is loaded

    double bitsPerWeight() const { return weights > 0 ? bytes * 8 / weights : 0; }
};

/// A stack at a plan, by layer (rows, the last one for what is outside the layers) and class
/// (columns, in the order of the file).
struct StackGrid
{
    QList<int> layers; ///< -1 for the last row, if there is one
    QStringList kinds;
    QList<StackCell> cells; ///< row after row

    const StackCell& at(qsizetype row, qsizetype column) const
    {
        return cells.at(row * kinds.size() + column);
    }
};

/// A plan that does not fit counts as nothing loaded.
StackGrid stackGrid(const StackRecord& stack, const QList<int>& plan);

} // namespace bs::ui
