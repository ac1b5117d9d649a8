#pragma once

#include "ui/jobs/records.h"
#include "ui/jobs/stack_record.h"

namespace bs::ui {

/// "Depth 3 on average: 95.1 MB", "As large as a Q4_K_M: 103.4 MB".
QString markText(const StackRecord::Mark& mark);

/// Where a budget lies on a slider of kSteps steps, and what is known about it.
class SizeScale
{
public:
    static constexpr int kSteps = 1000;

    SizeScale() = default;
    SizeScale(qint64 smallestBytes, qint64 largestBytes, QList<SizePoint> points);

    bool isValid() const { return m_largest > m_smallest; }
    qint64 smallestBytes() const { return m_smallest; }
    qint64 largestBytes() const { return m_largest; }

    /// Linear in bytes; the ends are exact.
    qint64 bytesAt(int step) const;
    int stepOf(qint64 bytes) const;
    /// The largest known prefix that fits `bytes`; nullptr before the sizes are known.
    const SizePoint* pointFor(qint64 bytes) const;
    /// What the weights of a size take in memory: those of the known sizes around it, by the
    /// straight line between them. -1 while nothing is known.
    qint64 weightBytesAt(qint64 bytes) const;
    /// How much of the error that the blocks not yet loaded would remove goes with one more MB, 0
    /// to 1: the gain of a byte here against its integral up to the largest size (trapezoids
    /// between the known prefixes). 0 at the largest size, negative while nothing is known.
    double shareOfNextMegabyte(qint64 bytes) const;
    /// `count` budgets spread evenly from `from` to `to`, both included.
    static QList<qint64> spread(qint64 from, qint64 to, int count);

private:
    qint64 m_smallest = 0;
    qint64 m_largest = 0;
    QList<SizePoint> m_points; // by rising budget
};

} // namespace bs::ui
