#pragma once

#include "ui/jobs/comparison.h"
#include "ui/jobs/engine_session.h"
#include "ui/models/curve_series.h"

#include <QMenu>

namespace bs::ui {

/// What A or B can be: sizes of the stack that is open, measured ones among them, the uncompressed
/// model, any other file.
class PinMenu : public QMenu
{
    Q_OBJECT

public:
    PinMenu(Side side, EngineSession* session, Comparison* comparison, QWidget* parent = nullptr);

    /// What was measured of the open model.
    void setSeries(const QList<CurveSeries>& series) { m_series = series; }
    /// Named plans of the open model.
    void setPlans(const QList<PlanRecord>& plans) { m_plans = plans; }
    /// The size that is set now, or the model that is open; nothing without one.
    static Pin openPin(const EngineSession& session);

private:
    void build();
    void addMeasured();
    void addPlans();
    QAction* addPin(QMenu* menu, const QString& text, const Pin& pin);
    QString densePath() const;
    void askSize();
    void askFile();

    Side m_side;
    EngineSession* m_session;
    Comparison* m_comparison;
    QMenu* m_measured; ///< filled, as the next, whenever this one is shown
    QMenu* m_named;
    QList<CurveSeries> m_series;
    QList<PlanRecord> m_plans;
};

} // namespace bs::ui
