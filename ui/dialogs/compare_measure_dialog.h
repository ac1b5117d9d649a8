#pragma once

#include "ui/jobs/compare_records.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QSpinBox;

namespace bs::ui {

class FileField;

/// On which text A and B shall be measured.
class CompareMeasureDialog : public QDialog
{
    Q_OBJECT

public:
    CompareMeasureDialog(const Both<Pin>& pins, const Both<PinWeight>& weights,
                         const QString& database, QWidget* parent = nullptr);

    /// A job for each file; sizes of one file are one job.
    QList<MeasureSettings> settings() const;
    /// The uncompressed model that both are held against; empty if none is known.
    static QString referenceOf(const Both<PinWeight>& weights);

Q_SIGNALS:
    void startRequested(const QList<bs::ui::MeasureSettings>& jobs);

private:
    void build();
    void changed();
    void start();

    Both<Pin> m_pins;
    Both<PinWeight> m_weights;
    QString m_database;
    FileField* m_text;
    QSpinBox* m_context;
    QSpinBox* m_chunks;
    QLabel* m_summary;
    QPushButton* m_start;
};

} // namespace bs::ui
