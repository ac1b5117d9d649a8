#pragma once

#include "ui/plots/point_chart.h"

namespace bs::ui {

class TokenModel;

/// Divergence from the original, token after token of a text; the worst are marked.
class TokenPlot : public PointChart
{
    Q_OBJECT

public:
    /// The model must outlive the chart.
    explicit TokenPlot(const TokenModel* model, QWidget* parent = nullptr);

    QString title() const override { return tr("Divergence from the original, token by token"); }
    void refresh();

    /// Shares its place with the list of the worst.
    QSize minimumSizeHint() const override { return {260, 140}; }

protected:
    QString cardOf(int row) const override;
    bool beginsAtZero() const override { return true; }

private:
    const TokenModel* m_model;
};

} // namespace bs::ui
