"""Wine cultivars: all settings in a YAML file, a train and a val phase in each epoch."""
import copy
import os

import pandas as pd
import torch
import torch.nn as nn
import torch.optim as optim
import yaml
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

HERE = os.path.dirname(os.path.abspath(__file__))


def load_config(name="config.yaml"):
    with open(os.path.join(HERE, name)) as f:
        return yaml.safe_load(f)


def make_loaders(data, batch_size, seed):
    df = pd.read_csv(os.path.join(HERE, data["path"]))
    X, y = df.drop(columns=["target"]).values, df["target"].values
    X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=data["test_size"], random_state=seed, stratify=y)
    scaler = StandardScaler().fit(X_train)
    sets = {
        "train": TensorDataset(torch.tensor(scaler.transform(X_train), dtype=torch.float32), torch.tensor(y_train)),
        "val": TensorDataset(torch.tensor(scaler.transform(X_val), dtype=torch.float32), torch.tensor(y_val)),
    }
    return {phase: DataLoader(sets[phase], batch_size=batch_size, shuffle=phase == "train") for phase in ["train", "val"]}


def train_model(model, dataloaders, criterion, optimizer, scheduler, num_epochs=25):
    best_weights, best_acc = copy.deepcopy(model.state_dict()), 0.0
    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            if phase == "train":
                model.train()
            else:
                model.eval()
            running_loss, running_corrects = 0.0, 0
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    _, preds = torch.max(outputs, 1)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                running_loss += loss.item() * inputs.size(0)
                running_corrects += torch.sum(preds == labels.data).item()
            if phase == "train":
                scheduler.step()
            epoch_acc = running_corrects / len(dataloaders[phase].dataset)
            print(f"{epoch} {phase} loss {running_loss:.4f} acc {epoch_acc:.4f}")
            if phase == "val" and epoch_acc > best_acc:
                best_acc = epoch_acc
                best_weights = copy.deepcopy(model.state_dict())
    model.load_state_dict(best_weights)
    return model


def main():
    cfg = load_config()
    torch.manual_seed(cfg["seed"])
    hp = cfg["train"]
    loaders = make_loaders(cfg["data"], hp["batch_size"], cfg["seed"])
    model = nn.Sequential(
        nn.Linear(13, cfg["model"]["hidden"]),
        nn.ReLU(),
        nn.Dropout(cfg["model"]["dropout"]),
        nn.Linear(cfg["model"]["hidden"], 3),
    )
    optimizer = optim.SGD(model.parameters(), lr=hp["lr"], momentum=hp["momentum"])
    scheduler = lr_scheduler.StepLR(optimizer, **hp["schedule"])
    train_model(model, loaders, nn.CrossEntropyLoss(), optimizer, scheduler, num_epochs=hp["epochs"])


if __name__ == "__main__":
    main()
