#pragma once

#include "ui/plots/point_chart.h"

namespace bs::ui {

class MemoryModel;

/// What the engine holds over time, with a marker for each kind of thing that happened.
class MemoryPlot : public PointChart
{
    Q_OBJECT

public:
    /// The model must outlive the chart.
    explicit MemoryPlot(const MemoryModel* model, QWidget* parent = nullptr);

    QString title() const override { return tr("Memory over time"); }
    /// Draws what the model holds now.
    void refresh();

protected:
    QString cardOf(int row) const override;
    bool beginsAtZero() const override { return true; }
    std::optional<double> alwaysSeenX() const override { return kLeastSeconds; }

private:
    static constexpr double kLeastSeconds = 30;

    const MemoryModel* m_model;
};

} // namespace bs::ui
