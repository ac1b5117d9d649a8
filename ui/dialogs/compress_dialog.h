#pragma once

#include "ui/jobs/background_jobs.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QRadioButton;
class QSpinBox;

namespace bs::ui {

class FileField;

/// What a compression shall do, and what it will take, before it starts.
class CompressDialog : public QDialog
{
    Q_OBJECT

public:
    CompressDialog(BackgroundJobs* jobs, const QString& modelPath, QWidget* parent = nullptr);

    CompressSettings settings() const;

private:
    void build();
    QWidget* buildCalibration();
    QWidget* buildForecast();
    void changed();
    void askForecast();
    void showForecast(const Forecast& forecast);
    void showProblem(const QString& sentence);
    QString problemOfInputs() const;

    BackgroundJobs* m_jobs;
    QString m_modelPath;
    QComboBox* m_codec;
    QSpinBox* m_blocks;
    QSpinBox* m_rank;
    QRadioButton* m_selfWritten;
    QRadioButton* m_fromFile;
    FileField* m_calibration;
    QSpinBox* m_tokens;
    FileField* m_output;
    QCheckBox* m_replace;
    QLabel* m_time;
    QLabel* m_file;
    QLabel* m_disk;
    QLabel* m_memory;
    QLabel* m_problem;
    QPushButton* m_start;
    QTimer m_forecastTimer;
};

} // namespace bs::ui
