#pragma once

#include "ui/jobs/records.h"
#include "ui/models/size_scale.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
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
    /// Measures under these rules instead, at first only the size that is set.
    void setRecipe(const QStringList& rules, qint64 budget);

Q_SIGNALS:
    void startRequested(const bs::ui::MeasureSettings& settings);

private:
    void build();
    void changed();
    void start();
    /// A size typed into a field, "min" and "max" included; -1 and why if it is none of this
    /// model's.
    qint64 sizeIn(const QLineEdit* field, QString* problem) const;
    QString problemOfInputs() const;

    ModelCard m_card;
    SizeScale m_scale;
    QString m_database;
    QStringList m_rules;
    FileField* m_text;
    QSpinBox* m_count;
    QLineEdit* m_from;
    QLineEdit* m_to;
    QSpinBox* m_context;
    QSpinBox* m_chunks;
    QCheckBox* m_dense;
    QCheckBox* m_compare;
    FileField* m_reference;
    QLabel* m_summary;
    QPushButton* m_start;
};

} // namespace bs::ui
