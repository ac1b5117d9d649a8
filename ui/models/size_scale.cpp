#include "ui/models/size_scale.h"

#include "ui/models/translate.h"
#include "ui/models/words.h"

#include <algorithm>

namespace bs::ui {

namespace {

double gainPerByte(const SizePoint& point)
{
    return point.nextBytes > 0 ? point.nextGain / static_cast<double>(point.nextBytes) : 0;
}

} // namespace

QString markText(const StackRecord::Mark& mark)
{
    const QString words = mark.peer ? tr("As large as a %1: %2") : tr("Depth %1 on average: %2");
    return words.arg(mark.name, sizeText(mark.bytes));
}

SizeScale::SizeScale(qint64 smallestBytes, qint64 largestBytes, QList<SizePoint> points)
    : m_smallest(smallestBytes)
    , m_largest(largestBytes)
    , m_points(std::move(points))
{
    std::stable_sort(m_points.begin(), m_points.end(), [](const SizePoint& a, const SizePoint& b) {
        return a.budgetBytes < b.budgetBytes;
    });
}

qint64 SizeScale::bytesAt(int step) const
{
    if (step >= kSteps) return m_largest;
    if (step <= 0) return m_smallest;
    return m_smallest +
           static_cast<qint64>(static_cast<double>(m_largest - m_smallest) * step / kSteps);
}

int SizeScale::stepOf(qint64 bytes) const
{
    if (!isValid() || bytes <= m_smallest) return 0;
    if (bytes >= m_largest) return kSteps;
    return static_cast<int>(static_cast<double>(bytes - m_smallest) * kSteps /
                                static_cast<double>(m_largest - m_smallest) +
                            0.5);
}

const SizePoint* SizeScale::pointFor(qint64 bytes) const
{
    const auto after =
        std::upper_bound(m_points.begin(), m_points.end(), bytes,
                         [](qint64 b, const SizePoint& p) { return b < p.budgetBytes; });
    return after == m_points.begin() ? nullptr : &*(after - 1);
}

qint64 SizeScale::weightBytesAt(qint64 bytes) const
{
    const SizePoint* const here = pointFor(bytes);
    if (here == nullptr) return -1;
    const SizePoint* const next = here + 1;
    if (next == m_points.constData() + m_points.size()) return here->weightBytes;
    const double share =
        static_cast<double>(bytes - here->budgetBytes) /
        static_cast<double>(std::max<qint64>(1, next->budgetBytes - here->budgetBytes));
    return here->weightBytes +
           static_cast<qint64>(share * static_cast<double>(next->weightBytes - here->weightBytes));
}

double SizeScale::shareOfNextMegabyte(qint64 bytes) const
{
    constexpr double kMegabyte = 1e6;
    const SizePoint* const here = pointFor(bytes);
    if (here == nullptr) return -1;
    double left = 0;
    for (const SizePoint* p = here; p + 1 < m_points.constData() + m_points.size(); ++p)
        left += (gainPerByte(p[0]) + gainPerByte(p[1])) / 2 *
                static_cast<double>(p[1].budgetBytes - p[0].budgetBytes);
    return left > 0 ? std::min(1.0, gainPerByte(*here) * kMegabyte / left) : 0;
}

QList<qint64> SizeScale::spread(qint64 from, qint64 to, int count)
{
    QList<qint64> budgets;
    for (int i = 0; i + 1 < count; ++i)
        budgets.append(from +
                       static_cast<qint64>(static_cast<double>(to - from) * i / (count - 1)));
    budgets.append(to);
    return budgets;
}

} // namespace bs::ui
