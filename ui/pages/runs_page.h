#pragma once

#include "ui/models/runs_model.h"

#include <QTimer>
#include <QWidget>

class QAction;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QTableView;

namespace bs::ui {

class ElidedLabel;
class Library;
class UndoBar;

/// Everything that was measured: filtered, sorted, with notes, deleted with an offer to undo. Read
/// when it is looked at.
class RunsPage : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kFilterDelayMs = 150;
    static constexpr int kReadDelayMs = 300;

    struct Actions
    {
        QAction* show;
        QAction* filter;
        QAction* onlyDiffering;
        QAction* sort;
        QAction* open;
        QAction* editNote;
        QAction* remove;
        QAction* undo;
        QAction* copy;
        QAction* save;
    };

    RunsPage(Library* library, const Actions& actions, QWidget* parent = nullptr);

    RunsModel* model() { return &m_model; }
    void setFilter(const QString& line);
    /// Runs may be others than those that were read.
    void refresh();

Q_SIGNALS:
    void pointChosen(const QString& path, qint64 bytes, bool dense);
    void saved(const QString& sentence);
    void failed(const QString& sentence);

protected:
    void showEvent(QShowEvent* event) override;

private:
    // runs_page.cpp
    void build();
    void buildTable();
    QHBoxLayout* buildTools();
    void connectParts();
    void connectActions();
    void updateActions();
    // runs_page_rows.cpp
    void read();
    void ask();
    void take(const RunTablePointer& table);
    void showView(const RunTablePointer& table, const RunViewPointer& view);
    void refuse(const QString& sentence);
    void updateColumns();
    void updateCount();
    void fitColumns();
    void choose(qint64 run, qint64 bytes);
    // runs_page_commands.cpp
    void sortByCurrent();
    void openCurrent();
    void editNote();
    void removeChosen();
    void undoRemove();
    void showUndo();
    void copyChosen();
    void askFile();
    std::vector<std::uint32_t> chosenPoints() const;
    std::vector<RunColumn> shownColumns() const;

    Library* m_library;
    Actions m_actions;
    RunsModel m_model;
    RunQuery m_query;
    RunTablePointer m_table; ///< as it was read last
    QLineEdit* m_filter;
    QLabel* m_problem;
    QLabel* m_count;
    ElidedLabel* m_same;
    QTableView* m_rows;
    QLabel* m_empty;
    UndoBar* m_undo;
    QTimer m_filterTimer;
    QTimer m_readTimer;
    QList<QList<qint64>> m_removed; ///< what Undo brings back, the last deletion last
    RunColumn m_sortedBy = RunColumn::Id;
    bool m_descending = true;
    bool m_reading = false;
    bool m_stale = true; ///< what was read is not all there is
    bool m_fitting = false;
    bool m_widthsChosen = false; ///< a person gave a column its width
};

} // namespace bs::ui
