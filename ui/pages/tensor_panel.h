#pragma once

#include "ui/jobs/tensor_record.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QTabWidget;

namespace bs::ui {

class FigurePanel;
class TwinPanel;

/// One tensor: what its values are, and for a matrix of a stack its codes and what each depth
/// loses.
class TensorPanel : public QWidget
{
    Q_OBJECT

public:
    explicit TensorPanel(QWidget* parent = nullptr);

    /// It is being read.
    void setBusy(const QString& tensor);
    void setProgress(double done, double total);
    void setDetails(const TensorDetails& details);
    /// Why it cannot be shown, or what to do.
    void setNote(const QString& sentence);
    QList<TwinPanel*> charts() const;

private:
    QLabel* m_name;
    QLabel* m_facts;
    QProgressBar* m_progress;
    QTabWidget* m_tabs;
    FigurePanel* m_values;
    FigurePanel* m_codes;
    FigurePanel* m_residuals;
};

} // namespace bs::ui
