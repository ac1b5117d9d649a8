#include "ui/models/stack_grid.h"

#include <algorithm>
#include <numeric>

namespace bs::ui {

namespace {

constexpr double kMegabyte = 1e6;

void addMatrix(StackCell& cell, const StackRecord::Matrix& matrix, int depth, bool hasGains)
{
    const int blocks = static_cast<int>(matrix.blockBytes.size());
    cell.name = matrix.name.section(QLatin1Char('#'), 0, 0);
    cell.kind = matrix.kind;
    cell.layer = matrix.layer;
    cell.depthMin = cell.valid ? std::min(cell.depthMin, depth) : depth;
    cell.depthMax = std::max(cell.depthMax, depth);
    cell.blocks = std::max(cell.blocks, blocks);
    cell.depth = (cell.depth * cell.weights + depth * matrix.weights()) /
                 std::max(1.0, cell.weights + matrix.weights());
    cell.weights += matrix.weights();
    cell.valid = true;
    ++cell.slabs;
    for (int i = 0; i < blocks; ++i) {
        const auto bytes = static_cast<double>(matrix.blockBytes.at(i));
        cell.allBytes += bytes;
        if (i < depth)
            cell.bytes += bytes;
        else if (hasGains)
            cell.gainLeft += matrix.gains.at(i);
    }
    if (depth == blocks) return;
    const qint64 bytes = std::max<qint64>(1, matrix.blockBytes.at(depth));
    const double gain =
        hasGains ? matrix.gains.at(depth) * kMegabyte / static_cast<double>(bytes) : 0;
    if (cell.nextBytes > 0 && gain <= cell.nextGain) return;
    cell.nextGain = gain;
    cell.nextBytes = bytes;
}

} // namespace

StackGrid stackGrid(const StackRecord& stack, const QList<int>& plan)
{
    StackGrid grid;
    int last = -1;
    bool outside = false;
    QStringList outsideKinds; // behind those of the layers
    for (const StackRecord::Matrix& matrix : stack.matrices) {
        last = std::max(last, matrix.layer);
        outside = outside || matrix.layer < 0;
        QStringList& kinds = matrix.layer < 0 ? outsideKinds : grid.kinds;
        if (!kinds.contains(matrix.kind)) kinds.append(matrix.kind);
    }
    for (const QString& kind : std::as_const(outsideKinds))
        if (!grid.kinds.contains(kind)) grid.kinds.append(kind);
    grid.layers.resize(last + 1);
    std::iota(grid.layers.begin(), grid.layers.end(), 0);
    if (outside) grid.layers.append(-1);
    grid.cells.resize(grid.layers.size() * grid.kinds.size());
    const bool known = plan.size() == stack.matrices.size();
    for (qsizetype m = 0; m < stack.matrices.size(); ++m) {
        const StackRecord::Matrix& matrix = stack.matrices.at(m);
        const qsizetype row = matrix.layer < 0 ? grid.layers.size() - 1 : matrix.layer;
        const int blocks = static_cast<int>(matrix.blockBytes.size());
        addMatrix(grid.cells[row * grid.kinds.size() + grid.kinds.indexOf(matrix.kind)], matrix,
                  known ? std::clamp(plan.at(m), 0, blocks) : 0, stack.hasGains);
    }
    return grid;
}

} // namespace bs::ui
