#pragma once

#include "ui/models/size_unit.h"
#include "ui/models/speed_model.h"
#include "ui/pages/twin_panel.h"

#include <optional>

namespace bs::ui {

class SpeedPlot;

/// How fast answers and benchmarks of the model were, size by size.
class SpeedPanel : public TwinPanel
{
    Q_OBJECT

public:
    explicit SpeedPanel(QWidget* parent = nullptr);

    void setSpeeds(const QList<SpeedRecord>& speeds);
    void setBudget(std::optional<qint64> bytes);
    void setSizeAxis(const SizeAxis& axis);
    void setLogarithmicSize(bool on);

Q_SIGNALS:
    /// A size of a file is chosen.
    void sizeChosen(const QString& path, qint64 bytes);

private:
    SpeedPanel(SpeedModel* model, QWidget* parent);
    void choose(int row);

    SpeedPlot* m_plot;
    SpeedModel* m_model;
};

} // namespace bs::ui
