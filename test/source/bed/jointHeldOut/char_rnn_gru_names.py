import torch
import torch.nn as nn

text = open('shakespeare.txt', 'r').read()
vocab = sorted(set(text))
char_to_ix = {ch: i for i, ch in enumerate(vocab)}
ix_to_char = {i: ch for i, ch in enumerate(vocab)}
data = [char_to_ix[ch] for ch in text]
data = torch.tensor(data)
seq_len, batch_size, hidden_size = 50, 32, 128


class CharGRU(nn.Module):
    def __init__(self, vocab_size, hidden_size):
        super().__init__()
        self.embed = nn.Embedding(vocab_size, 32)
        self.gru = nn.GRU(32, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, vocab_size)

    def forward(self, x):
        out, _ = self.gru(self.embed(x))
        return self.fc(out)


def random_batch():
    starts = torch.randint(0, len(data) - seq_len - 1, (batch_size,))
    x = torch.stack([data[s:s + seq_len] for s in starts])
    y = torch.stack([data[s + 1:s + seq_len + 1] for s in starts])
    return x, y


model = CharGRU(len(vocab), hidden_size)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for step in range(2000):
    x, y = random_batch()
    logits = model(x)
    loss = criterion(logits.reshape(-1, len(vocab)), y.reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    if step % 100 == 0:
        print(step, loss.item())
