"""People, with or without an account."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from caprse.base import clock
from caprse.base.ids import new_public_id


class UserManager(BaseUserManager):
    def create_user(self, *, email, first_name, last_name, password=None, **fields):
        """A person; without a password they have no account yet."""
        user = self.model(email=email, first_name=first_name, last_name=last_name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def reachable(self, pk):
        """The person a mail may be written to, or None: their account is closed, or they have no address."""
        return self.filter(pk=pk, is_active=True).exclude(email=None).first()

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """Personne: one row for everybody, account or not. Rights come from memberships alone."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    # None for somebody without account: an empty text would not be unique.
    email = models.EmailField("adresse électronique", null=True, blank=True)  # noqa: DJ001  see above
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    job = models.CharField("fonction", max_length=120, blank=True, default="")
    is_active = models.BooleanField("compte actif", default=True)
    created_at = models.DateTimeField("créé le", default=clock.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = "personne"
        ordering = ["last_name", "first_name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def user_id(self):
        """A person can be named wherever an actor is expected (journal, register)."""
        return self.pk
