#pragma once

#include "ui/jobs/library.h"
#include "ui/jobs/recipe_desk.h"
#include "ui/window/recipe_actions.h"

#include <QObject>

namespace bs::ui {

class EngineSession;
class HeatPanel;
struct StackCell;

/// Does what the recipe's actions ask for, to the matrix that is chosen on the map.
class RecipeCommands : public QObject
{
    Q_OBJECT

public:
    RecipeCommands(const RecipeActions& actions, EngineSession* session, RecipeDesk* desk,
                   HeatPanel* map, Library* library, QWidget* window);

Q_SIGNALS:
    void done(const QString& sentence);
    void failed(const bs::ui::WorkerError& error);

private:
    void connectEdits();
    void connectPlans();
    /// The matrix or class that edits are about; empty: none is chosen.
    std::string target() const;
    const StackCell* cell() const;
    void step(int by);
    void set(const RecipeRule& rule);
    void askKeep();
    void askName();
    void savePlan(const QString& name);
    void showPlans();
    void takePlan(const PlanRecord& plan);
    void askFile();
    void askExport();
    void writeFile(const QString& path);
    void showDraft();
    void updateActions();

    RecipeActions m_actions;
    EngineSession* m_session;
    RecipeDesk* m_desk;
    HeatPanel* m_map;
    Library* m_library;
    QWidget* m_window;
};

} // namespace bs::ui
