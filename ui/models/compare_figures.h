#pragma once

#include "core/store/records.h"
#include "ui/jobs/compare_records.h"

#include <QList>

#include <optional>

namespace bs::ui {

/// A measured number with its standard error, 0 if that is not known.
struct Measured
{
    double value = 0;
    double error = 0;
};

/// What is known about one of the two.
struct CompareFigures
{
    bool known = false; ///< there is a pin, and it was weighed
    /// The uncompressed model that divergences are from.
    enum class Reference { Unknown, Itself, Other } reference = Reference::Unknown;
    std::optional<Measured> perplexity;
    std::optional<Measured> divergence; ///< mean KL from the dense model
    std::optional<Measured> sameTop;    ///< share, 0 to 1
    qint64 fileBytes = 0;
    qint64 weightBytes = 0;
    double tokensPerSecond = 0; ///< of the answer; 0: none
};

/// Which file at which size.
struct MeasuredPin
{
    QString artifactHash;
    qint64 fileBytes = 0;
};

/// Puts in what was measured of both: on the same text in the same way if there is such a pair, the
/// newest of them; else the newest of each. Whether perplexities and divergences can be held
/// against each other, which is so in the first case.
bool takeMeasurements(const QList<CurvePoint>& points, const Both<MeasuredPin>& pins,
                      Both<CompareFigures>& figures);

} // namespace bs::ui
