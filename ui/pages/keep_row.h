#pragma once

#include "ui/jobs/comparison.h"
#include "ui/jobs/keep_job.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace bs::ui {

/// Looks for the smallest size that keeps A's answer: asks, shows how far it is, and what to do
/// with what was found.
class KeepRow : public QWidget
{
    Q_OBJECT

public:
    explicit KeepRow(Comparison* comparison, QWidget* parent = nullptr);

    /// Why nothing can be looked for; empty: it can.
    QString obstacle() const;
    bool isRunning() const { return m_job.isRunning(); }
    void start();

Q_SIGNALS:
    void slideRequested(const QString& path, qint64 bytes);
    void availabilityChanged();

private:
    void build();
    KeepSettings settings() const;
    void tell(const QString& sentence);
    void showProgress(const JobProgress& progress);
    void showFound(const KeepFound& found);
    void showFailed(const WorkerError& error);
    void forget();
    void refresh();

    Comparison* m_comparison;
    KeepJob m_job;
    KeepFound m_found;
    QPushButton* m_find;
    QSpinBox* m_tokens;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
    QLabel* m_result;
    QPushButton* m_slide;
    QPushButton* m_pin;
};

} // namespace bs::ui
