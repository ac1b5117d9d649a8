#include "ui/models/curve_metric.h"

#include "ui/models/translate.h"
#include "ui/models/words.h"

namespace bs::ui {

QString metricName(CurveMetric metric)
{
    switch (metric) {
    case CurveMetric::KlMean:
        return tr("KL, mean");
    case CurveMetric::KlMedian:
        return tr("KL, median");
    case CurveMetric::SameTop:
        return tr("Same top token");
    case CurveMetric::Perplexity:
        break;
    }
    return tr("Perplexity");
}

QString metricLabel(CurveMetric metric, bool relative)
{
    switch (metric) {
    case CurveMetric::KlMean:
        return tr("Mean KL (nats, lower is better)");
    case CurveMetric::KlMedian:
        return tr("Median KL (nats, lower is better)");
    case CurveMetric::SameTop:
        return tr("Same top token (%, higher is better)");
    case CurveMetric::Perplexity:
        break;
    }
    return relative ? tr("Perplexity over the original's") : tr("Perplexity (lower is better)");
}

QString metricTitle(CurveMetric metric)
{
    switch (metric) {
    case CurveMetric::KlMean:
        return tr("Mean KL divergence from the original against size");
    case CurveMetric::KlMedian:
        return tr("Median KL divergence from the original against size");
    case CurveMetric::SameTop:
        return tr("Same top token as the original against size");
    case CurveMetric::Perplexity:
        break;
    }
    return tr("Perplexity against size");
}

QString metricText(CurveMetric metric, double value, bool relative)
{
    switch (metric) {
    case CurveMetric::KlMean:
        return tr("mean KL %1").arg(metricNumber(metric, value));
    case CurveMetric::KlMedian:
        return tr("median KL %1").arg(metricNumber(metric, value));
    case CurveMetric::SameTop:
        return tr("same top token %1").arg(metricNumber(metric, value));
    case CurveMetric::Perplexity:
        break;
    }
    return relative ? tr("%1 × the original's perplexity").arg(numberText(value, 'f', 3))
                    : tr("perplexity %1").arg(numberText(value, 'f', 2));
}

QString metricNumber(CurveMetric metric, double value)
{
    if (metric == CurveMetric::Perplexity) return numberText(value, 'f', 3);
    if (metric == CurveMetric::SameTop) return tr("%1 %").arg(numberText(100 * value, 'f', 1));
    return numberText(value, 'g', 3);
}

QString metricKey(CurveMetric metric)
{
    switch (metric) {
    case CurveMetric::KlMean:
        return QStringLiteral("kld_mean");
    case CurveMetric::KlMedian:
        return QStringLiteral("kld_median");
    case CurveMetric::SameTop:
        return QStringLiteral("same_top");
    case CurveMetric::Perplexity:
        break;
    }
    return QStringLiteral("perplexity");
}

bool higherIsBetter(CurveMetric metric)
{
    return metric == CurveMetric::SameTop;
}

} // namespace bs::ui
