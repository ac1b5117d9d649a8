#pragma once

#include "ui/jobs/tensor_record.h"
#include "ui/jobs/worker_client.h"

namespace bs::ui {

/// Looks into a model's file, in a worker of its own, so that the chat does not wait.
class Inspector : public QObject
{
    Q_OBJECT

public:
    explicit Inspector(QObject* parent = nullptr);

    /// The file to look into; empty: none. listed() or failed() follows.
    void open(const QString& path);
    const QString& path() const { return m_path; }
    /// Reads a tensor, in place of the one before; described() or failed() follows.
    void describe(const QString& tensor);
    bool isReading() const { return m_id != 0; }
    /// Gives the worker's memory back; it starts again when it is needed.
    void rest();

Q_SIGNALS:
    void listed(const bs::ui::TensorListing& listing);
    void described(const bs::ui::TensorDetails& details);
    void progressed(const bs::ui::JobProgress& progress);
    void failed(const bs::ui::WorkerError& error);

private:
    WorkerClient m_worker;
    QString m_path;
    qint64 m_id = 0; ///< of the tensor that is being read
};

} // namespace bs::ui
