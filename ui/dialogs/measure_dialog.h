#pragma once

#include "ui/jobs/records.h"
#include "ui/models/size_scale.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace bs::ui {

class FileField;

/// Which sizes of a model shall be measured, on which text.
class MeasureDialog : public QDialog
{
    Q_OBJECT

public:
    MeasureDialog(const ModelCard& card, const SizeScale& scale, const QString& database,
                  QWidget* parent = nullptr);

    MeasureSettings settings() const;

Q_SIGNALS:
    void startRequested(const bs::ui::MeasureSettings& settings);

private:
    void build();
    void changed();
    void start();

    ModelCard m_card;
    SizeScale m_scale;
    QString m_database;
    FileField* m_text;
    QSpinBox* m_count;
    QSpinBox* m_context;
    QSpinBox* m_chunks;
    QCheckBox* m_dense;
    QLabel* m_summary;
    QPushButton* m_start;
};

} // namespace bs::ui
