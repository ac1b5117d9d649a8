#pragma once

#include "ui/jobs/background_jobs.h"
#include "ui/jobs/records.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace bs::ui {

class FileField;

/// In which form the open model leaves at the size that is set now, and how large that will be.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    /// `budgetBytes`: of a stack; 0 for a model that is none.
    ExportDialog(BackgroundJobs* jobs, const ModelCard& card, qint64 budgetBytes,
                 QWidget* parent = nullptr);

    ExportSettings settings() const;
    /// Offers to export by these rules, and does so at first.
    void setRecipe(const QStringList& rules);

private:
    void build();
    void formChosen();
    void changed();
    void showSize(qint64 bytes);
    void start();

    BackgroundJobs* m_jobs;
    ModelCard m_card;
    qint64 m_budget;
    QComboBox* m_form;
    FileField* m_output;
    QCheckBox* m_replace;
    QCheckBox* m_byRecipe;
    QStringList m_rules;
    QLabel* m_summary;
    QPushButton* m_start;
};

} // namespace bs::ui
