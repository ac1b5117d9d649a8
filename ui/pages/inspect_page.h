#pragma once

#include "ui/jobs/inspector.h"
#include "ui/models/metadata_model.h"
#include "ui/models/tensor_tree_model.h"

#include <QSortFilterProxyModel>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;
class QTabWidget;
class QTableView;
class QTreeView;

namespace bs::ui {

class TensorPanel;
class TwinPanel;

/// What is in the model's file: its tensors with their values, and its metadata. Nothing is read
/// before the page is shown.
class InspectPage : public QWidget
{
    Q_OBJECT

public:
    explicit InspectPage(QWidget* parent = nullptr);

    /// The model that is open; empty: none.
    void setPath(const QString& path);
    QList<TwinPanel*> charts() const;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildTree();
    void buildMetadata();
    void readIfShown();
    void showListing(const TensorListing& listing);
    void chooseTensor(const QModelIndex& at);
    void chooseEntry(const QModelIndex& at);
    void find(const QString& text);

    Inspector m_inspector;
    TensorTreeModel m_tensors;
    QSortFilterProxyModel m_found;
    MetadataModel m_metadata;
    QSortFilterProxyModel m_foundEntries;
    QString m_path;
    QString m_chosen; ///< tensor
    QLineEdit* m_find;
    QLabel* m_count;
    QTabWidget* m_lists;
    QTreeView* m_tree;
    QTableView* m_entries;
    QStackedWidget* m_details;
    TensorPanel* m_tensor;
    QPlainTextEdit* m_value;
};

} // namespace bs::ui
