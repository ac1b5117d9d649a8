#pragma once

#include "ui/jobs/background_jobs.h"
#include "ui/jobs/sweep.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace bs::ui {

class PathList;

/// Which models shall be compressed in which ways, and measured where; how many jobs that makes and
/// what they will take, before they are queued.
class SweepDialog : public QDialog
{
    Q_OBJECT

public:
    /// `model` is in the list from the beginning; may be empty.
    SweepDialog(BackgroundJobs* jobs, const QString& model, const QString& database,
                QWidget* parent = nullptr);

    SweepSettings settings() const;

private:
    // sweep_dialog_build.cpp
    void build();
    void addWays(QFormLayout* form);
    void addMeasuring(QFormLayout* form);
    void connectFields();
    // sweep_dialog.cpp
    void changed();
    void askForecast();
    void take(const Forecast& forecast);
    void showPlan();
    void start();
    QString problemOfInputs() const;

    BackgroundJobs* m_jobs;
    QString m_database;
    QLineEdit* m_name;
    PathList* m_models;
    QCheckBox* m_nested;
    QCheckBox* m_bitstack;
    QLineEdit* m_blocks;
    QLineEdit* m_ranks;
    QLineEdit* m_tokens;
    QSpinBox* m_spread;
    QLineEdit* m_budgets;
    PathList* m_texts;
    QSpinBox* m_context;
    QSpinBox* m_chunks;
    QLabel* m_summary;
    QLabel* m_problem;
    QPushButton* m_start;
    QTimer m_forecastTimer;
    SweepPlan m_plan;
    QList<CompressSettings> m_toAsk; ///< compressions whose forecast is still to come
    Forecast m_sum;                  ///< of those that are known; `peakBytes` is the largest
    bool m_known = false;            ///< all of them are
};

} // namespace bs::ui
